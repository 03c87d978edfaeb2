import AttestClient
import Diagnostics
import EvidenceFormat
import SICEABI

/// Feeds any bytes as endorsement certificate, endorsement key and attestation key, each behind its size in 16
/// bits. The authority's key is nobody's, so nothing that a fuzzer can write may be endorsed.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var rest = unsafe Array(UnsafeBufferPointer(start: start, count: count))[...]
    let request = EnrollmentRequest(
        endorsementCertificate: part(&rest), endorsementKey: part(&rest), attestationKey: part(&rest))
    do throws(ToolError) {
        _ = try Enroller(authorities: Array(authority.utf8)).challenge(request)
        preconditionFailure("a forgery was endorsed")
    } catch {
        precondition(error.code.rawValue / 10 == 83, "an error of another chapter")
    }
    return 0
}

private func part(_ rest: inout ArraySlice<UInt8>) -> [UInt8] {
    guard let first = rest.popFirst(), let second = rest.popFirst() else { return [] }
    let bytes = rest.prefix(Int(first) << 8 | Int(second))
    rest = rest.dropFirst(bytes.count)
    return Array(bytes)
}

/// An authority whose key was thrown away.
private let authority = """
    -----BEGIN CERTIFICATE-----
    MIIBfzCCASWgAwIBAgIUREUI8vaLGF8z4ywAm7f+/sXkNfgwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJYXV0aG9yaXR5MCAXDTI2MTEyOTE4MTMxM1oYDzIxMjYxMTA1
    MTgxMzEzWjAUMRIwEAYDVQQDDAlhdXRob3JpdHkwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAASSrh1Q+ZWODoG0ejlqNAMPLXE+WmrgEjxKm0h01Y1ROnRnFCv2X3CB
    0LrE+jGqEVZoiLYGyV1rEt1rPh3e7a50o1MwUTAdBgNVHQ4EFgQUZKYG5OGhDAuf
    9otN7dlaPkgEiKEwHwYDVR0jBBgwFoAUZKYG5OGhDAuf9otN7dlaPkgEiKEwDwYD
    VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiB2I38jM1Rlht5pc396P+DN
    1UGaREykEK0gYShgL0czEQIhANfHvr5WZCBFcduMJheQFtdBdhIOdGvx2obRGKYI
    b6b1
    -----END CERTIFICATE-----
    """

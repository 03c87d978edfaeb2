internal import CBOR
public import Diagnostics
internal import OpenSSLCrypto
public import ReportFormat
internal import SICEABI

/// A report taken apart: COSE_Sign1 with ES256 (RFC 9052, 4.2). Its signature is not checked by parsing it.
public struct SignedReport: Equatable, Sendable {
    public let claims: ReportClaims
    /// SHA-256 of the report key's point, as the report says.
    public let keyIdentifier: [UInt8]
    /// r ‖ s, 64 bytes.
    public let signature: [UInt8]
    /// Sig_structure: the bytes that the signature covers.
    public let signedBytes: [UInt8]

    /// Takes a report apart. Throws `evidenceTruncated`, `evidenceMalformedReport`, `evidenceUnknownClaim`,
    /// `evidenceMissingPart`.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        let parts: ReportEnvelope
        do throws(CBORError) {
            parts = try ReportEnvelope(bytes)
        } catch {
            throw ToolError(
                error == .truncated ? .evidenceTruncated : .evidenceMalformedReport, "report: \(error)")
        }
        guard parts.signature.count == 64, parts.keyIdentifier.count == ABI.digestSize else {
            throw ToolError(.evidenceMalformedReport, "report: size of signature or key identifier")
        }
        keyIdentifier = parts.keyIdentifier
        signature = parts.signature
        do { signedBytes = try parts.signedBytes } catch {
            throw ToolError(.internalFailure, "Sig_structure")
        }
        claims = try ReportClaims(payload: parts.payload)
    }

    /// Whether the signature is that of a key, and the key the one that the report names.
    public func isSigned(by point: [UInt8]) -> Bool {
        guard let key = PublicKey(p256Point: point), keyIdentifier == SHA256.hash(point) else { return false }
        return key.isValidSignature(
            r: Array(signature[..<32]), s: Array(signature[32...]), message: signedBytes)
    }
}

internal import COpenSSL
public import Diagnostics
internal import SICEABI

/// An X.509 certificate and the chain that makes it trusted.
public struct Certificate: Sendable {
    /// DER, and perhaps padding.
    let encoding: [UInt8]

    /// Parses DER. EK certificates read from TPM NV may be followed by padding; it is ignored.
    /// Throws `enrollmentUnreadable`.
    public init(_ encoding: [UInt8]) throws(ToolError) {
        guard sice_is_certificate(encoding.span) == 1 else {
            throw ToolError(.enrollmentUnreadable, "endorsement certificate is not X.509")
        }
        self.encoding = encoding
    }

    /// SubjectPublicKeyInfo of the certified key, DER. Throws `enrollmentUnreadable`.
    public func subjectPublicKeyInfo() throws(ToolError) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: encoding.count)
        var span = key.mutableSpan
        let count = sice_certificate_key(encoding.span, &span)
        guard count > 0 else { throw ToolError(.enrollmentUnreadable, "endorsement certificate has no key") }
        return Array(key[..<count])
    }

    /// Checks the chain up to one of the certificates in `authorities` (PEM, any number), at the present
    /// time. Every certificate there is an anchor, so that a manufacturer's intermediate alone suffices.
    ///
    /// Throws `endorsementUntrusted` with OpenSSL's reason, `endorsementNotValidNow` for a certificate of the
    /// chain that expired or is not valid yet, `endorsementNotForTPM` for a critical extension that nobody
    /// here knows, `enrollmentUnreadable` when `authorities` holds no certificate.
    public func verify(authorities pem: [UInt8]) throws(ToolError) {
        // Whoever can factor an issuer's key or find a collision of its hash could endorse keys of his own.
        let outcome = sice_certificate_verify(encoding.span, pem.span, Certificate.securityLevel)
        if outcome == SICE_CHAIN_NO_ANCHOR {
            throw ToolError(.enrollmentUnreadable, "the CA file holds no PEM certificate")
        }
        guard outcome >= 0 else { throw ToolError(.internalFailure, "X.509 verification") }
        guard outcome == 0 else { throw Certificate.failure(outcome & 0xFFFF, depth: outcome >> 16) }
    }

    /// OpenSSL's level of 112 bits: RSA from 2048 bits on, no SHA-1 in signatures.
    private static let securityLevel: Int32 = 2

    private static func failure(_ error: Int32, depth: Int32) -> ToolError {
        let reason = unsafe X509_verify_cert_error_string(Int(error)).map { unsafe String(cString: $0) }
        let code: ErrorCode =
            switch error {
            case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: .endorsementNotValidNow
            case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: .endorsementNotForTPM
            default: .endorsementUntrusted
            }
        let place = depth == 0 ? "endorsement certificate" : "issuer \(depth) of the endorsement certificate"
        return ToolError(code, "\(place): \(reason ?? "")")
    }
}

internal import COpenSSL
public import Diagnostics
internal import SICEABI

/// An X.509 certificate and the chain that makes it trusted.
@safe public struct Certificate: ~Copyable {
    let certificate: OpaquePointer

    /// Parses DER. EK certificates read from TPM NV may be followed by padding; it is ignored.
    /// Throws `enrollmentUnreadable`.
    public init(_ encoding: [UInt8]) throws(ToolError) {
        let parsed: OpaquePointer? = unsafe encoding.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_X509(nil, &cursor, buffer.count)
        }
        guard let parsed = unsafe parsed else {
            throw ToolError(.enrollmentUnreadable, "endorsement certificate is not X.509")
        }
        unsafe certificate = parsed
    }

    deinit { unsafe X509_free(certificate) }

    /// SubjectPublicKeyInfo of the certified key, DER. Throws `enrollmentUnreadable`.
    public func subjectPublicKeyInfo() throws(ToolError) -> [UInt8] {
        let key = unsafe X509_get_X509_PUBKEY(certificate)
        let length = unsafe i2d_X509_PUBKEY(key, nil)
        guard length > 0 else { throw ToolError(.enrollmentUnreadable, "endorsement certificate has no key") }
        var encoding = [UInt8](repeating: 0, count: Int(length))
        unsafe encoding.withUnsafeMutableBufferPointer { buffer in
            var cursor = buffer.baseAddress
            _ = unsafe i2d_X509_PUBKEY(key, &cursor)
        }
        return encoding
    }

    /// Checks the chain up to one of the certificates in `authorities` (PEM, any number), at the present
    /// time. Every certificate there is an anchor, so that a manufacturer's intermediate alone suffices.
    ///
    /// Throws `endorsementUntrusted` with OpenSSL's reason, `endorsementNotValidNow` for a certificate of the
    /// chain that expired or is not valid yet, `endorsementNotForTPM` for a critical extension that nobody
    /// here knows, `enrollmentUnreadable` when `authorities` holds no certificate.
    public func verify(authorities pem: [UInt8]) throws(ToolError) {
        guard let store = unsafe X509_STORE_new(), let context = unsafe X509_STORE_CTX_new() else {
            throw ToolError(.internalFailure, "X.509 store")
        }
        defer {
            unsafe X509_STORE_CTX_free(context)
            unsafe X509_STORE_free(store)
        }
        guard unsafe Certificate.add(pem, to: store) > 0 else {
            throw ToolError(.enrollmentUnreadable, "the CA file holds no PEM certificate")
        }
        unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        guard unsafe X509_STORE_CTX_init(context, store, certificate, nil) == 1 else {
            throw ToolError(.internalFailure, "X.509 verification")
        }
        // Whoever can factor an issuer's key or find a collision of its hash could endorse keys of his own.
        unsafe X509_VERIFY_PARAM_set_auth_level(
            X509_STORE_CTX_get0_param(context), Certificate.securityLevel)
        guard unsafe X509_verify_cert(context) == 1 else { throw unsafe Certificate.failure(context) }
    }

    /// OpenSSL's level of 112 bits: RSA from 2048 bits on, no SHA-1 in signatures.
    private static let securityLevel: Int32 = 2

    private static func failure(_ context: OpaquePointer) -> ToolError {
        let error = unsafe X509_STORE_CTX_get_error(context)
        let reason = unsafe X509_verify_cert_error_string(Int(error)).map { unsafe String(cString: $0) }
        let depth = unsafe X509_STORE_CTX_get_error_depth(context)
        let code: ErrorCode =
            switch error {
            case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: .endorsementNotValidNow
            case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION: .endorsementNotForTPM
            default: .endorsementUntrusted
            }
        let place = depth == 0 ? "endorsement certificate" : "issuer \(depth) of the endorsement certificate"
        return ToolError(code, "\(place): \(reason ?? "")")
    }

    private static func add(_ pem: [UInt8], to store: OpaquePointer) -> Int {
        guard let input = unsafe BIO_new_mem_buf(pem, Int32(pem.count)) else { return 0 }
        defer { unsafe BIO_free(input) }
        var count = 0
        while let authority = unsafe PEM_read_bio_X509(input, nil, nil, nil) {
            if unsafe X509_STORE_add_cert(store, authority) == 1 { count += 1 }
            unsafe X509_free(authority)
        }
        return count
    }
}

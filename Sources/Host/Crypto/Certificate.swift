internal import COpenSSL
public import Diagnostics
internal import SICEABI

/// An X.509 certificate and the chain that makes it trusted.
@safe public struct Certificate: ~Copyable {
    private let certificate: OpaquePointer

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

    /// Checks the chain up to one of the certificates in `authorities` (PEM, any number). Every certificate there is
    /// an anchor, so that a manufacturer's intermediate alone suffices.
    ///
    /// Throws `endorsementUntrusted` with OpenSSL's reason, `enrollmentUnreadable` when `authorities` holds none.
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
        guard unsafe X509_verify_cert(context) == 1 else {
            let reason = unsafe X509_verify_cert_error_string(Int(X509_STORE_CTX_get_error(context)))
            throw ToolError(.endorsementUntrusted, unsafe reason.map { unsafe String(cString: $0) } ?? "")
        }
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

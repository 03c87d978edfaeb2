internal import COpenSSL

/// A P-256 key pair of an attacker: nothing but a program keeps it. No other part of the tools holds a secret
/// key.
@safe public final class SoftwareKey {
    private let key: OpaquePointer
    /// Uncompressed point.
    public let point: [UInt8]

    public init() {
        let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        unsafe EVP_PKEY_keygen_init(context)
        unsafe EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1)
        guard unsafe EVP_PKEY_generate(context, &made) == 1, let made = unsafe made else {
            preconditionFailure("no key")
        }
        unsafe key = made
        var encoding: UnsafeMutablePointer<UInt8>?
        let count = unsafe EVP_PKEY_get1_encoded_public_key(made, &encoding)
        point = unsafe Array(UnsafeBufferPointer(start: encoding, count: count))
        unsafe CRYPTO_free(encoding, nil, 0)
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// ECDSA with SHA-256: r and s, 32 bytes each.
    public func sign(_ message: [UInt8]) -> (r: [UInt8], s: [UInt8]) {
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var length = 80
        var encoding = [UInt8](repeating: 0, count: length)
        guard unsafe EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1,
            unsafe EVP_DigestSign(context, &encoding, &length, message, message.count) == 1
        else { preconditionFailure("no signature") }
        let signature = unsafe encoding.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_ECDSA_SIG(nil, &cursor, length)
        }
        defer { unsafe ECDSA_SIG_free(signature) }
        return unsafe (
            SoftwareKey.bytes(ECDSA_SIG_get0_r(signature)), SoftwareKey.bytes(ECDSA_SIG_get0_s(signature))
        )
    }

    private static func bytes(_ number: OpaquePointer?) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        _ = unsafe BN_bn2binpad(number, &bytes, 32)
        return bytes
    }
}

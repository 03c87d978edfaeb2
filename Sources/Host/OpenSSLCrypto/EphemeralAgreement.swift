internal import COpenSSL
public import Diagnostics
internal import SICEABI

/// One-pass elliptic-curve Diffie-Hellman (SP 800-56A, 6.2.2.2): a fresh key agrees with another party's key.
public struct EphemeralAgreement: Equatable, Sendable {
    /// Coordinates of the fresh key's point, padded to the curve's size.
    public let x: [UInt8]
    public let y: [UInt8]
    /// X coordinate of the shared point, padded in the same way.
    public let secret: [UInt8]

    /// Makes a fresh key and agrees. Throws `internalFailure` unless the other key is one of that curve.
    public init(with other: PublicKey, on curve: EllipticCurve) throws(ToolError) {
        guard let own = unsafe EphemeralAgreement.generate(curve) else {
            throw ToolError(.internalFailure, "fresh key for the agreement")
        }
        defer { unsafe EVP_PKEY_free(own) }
        let size = curve.coordinateSize
        guard let secret = unsafe EphemeralAgreement.derive(own, other.key), secret.count == size,
            let point = unsafe EphemeralAgreement.point(of: own), point.count == 1 + 2 * size
        else { throw ToolError(.internalFailure, "key agreement with the endorsement key") }
        self.secret = secret
        x = Array(point[1...size])
        y = Array(point[(1 + size)...])
    }

    private static func generate(_ curve: EllipticCurve) -> OpaquePointer? {
        guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, curve.identifier) == 1,
            unsafe EVP_PKEY_generate(context, &key) == 1
        else { return nil }
        return unsafe key
    }

    private static func derive(_ own: OpaquePointer, _ other: OpaquePointer) -> [UInt8]? {
        guard let context = unsafe EVP_PKEY_CTX_new(own, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var length = 0
        guard unsafe EVP_PKEY_derive_init(context) == 1, unsafe EVP_PKEY_derive_set_peer(context, other) == 1,
            unsafe EVP_PKEY_derive(context, nil, &length) == 1
        else { return nil }
        var secret = [UInt8](repeating: 0, count: length)
        guard unsafe EVP_PKEY_derive(context, &secret, &length) == 1 else { return nil }
        return Array(secret[..<length])
    }

    private static func point(of key: OpaquePointer) -> [UInt8]? {
        var encoding: UnsafeMutablePointer<UInt8>?
        let count = unsafe EVP_PKEY_get1_encoded_public_key(key, &encoding)
        guard count > 0 else { return nil }
        defer { unsafe CRYPTO_free(encoding, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: encoding, count: count))
    }
}

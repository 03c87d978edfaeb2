internal import Bytes
internal import COpenSSL

/// A key pair of any kind, for certificates of tests.
@safe public final class KeyPair {
    public enum Kind: Sendable {
        case rsa(bits: Int)
        /// A curve by OpenSSL's name: `P-256`, `P-384`, `P-521`.
        case elliptic(String)
    }

    let key: OpaquePointer
    public let kind: Kind

    public init(_ kind: Kind) {
        self.kind = kind
        let context: OpaquePointer?
        switch kind {
        case .rsa(let bits):
            unsafe context = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, nil)
            unsafe EVP_PKEY_keygen_init(context)
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits))
        case .elliptic(let curve):
            unsafe context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, nil)
            unsafe EVP_PKEY_keygen_init(context)
            unsafe EVP_PKEY_CTX_set_group_name(context, curve)
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        guard unsafe EVP_PKEY_generate(context, &made) == 1, let made = unsafe made else {
            preconditionFailure("no key")
        }
        unsafe key = made
    }

    deinit { unsafe EVP_PKEY_free(key) }

    var subjectPublicKeyInfo: [UInt8] {
        var encoding: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_PUBKEY(key, &encoding)
        defer { unsafe CRYPTO_free(encoding, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: encoding, count: Int(count)))
    }

    /// TPM2B_PUBLIC as a TPM would show it for an endorsement key of this kind: the low templates, for P-384
    /// and RSA 3072 on the high ones.
    public var endorsementArea: [UInt8] {
        let isLarge: Bool
        let isRSA: Bool
        let parameters: [UInt8]
        switch kind {
        case .rsa(let bits):
            (isLarge, isRSA) = (bits > 2048, true)
            parameters = bigEndian(UInt16(bits)) + bigEndian(UInt32(0)) + sized(number("n"))
        case .elliptic(let curve):
            (isLarge, isRSA) = (curve != "P-256", false)
            let identifier: UInt16 = curve == "P-256" ? 3 : curve == "P-384" ? 4 : 5
            parameters =
                bigEndian(identifier) + bigEndian(UInt16(0x10)) + sized(number("qx")) + sized(number("qy"))
        }
        return sized(
            bigEndian(UInt16(isRSA ? 0x01 : 0x23)) + bigEndian(UInt16(isLarge ? 0x0C : 0x0B))
                + bigEndian(UInt32(isLarge ? 0x0003_00F2 : 0x0003_00B2))
                + sized([UInt8](repeating: 0xA5, count: isLarge ? 48 : 32)) + [0x00, 0x06]
                + bigEndian(UInt16(isLarge ? 256 : 128)) + [0x00, 0x43, 0x00, 0x10] + parameters)
    }

    private func number(_ name: String) -> [UInt8] {
        var value: OpaquePointer?
        guard unsafe EVP_PKEY_get_bn_param(key, name, &value) == 1 else { preconditionFailure("no \(name)") }
        defer { unsafe BN_free(value) }
        var bytes = [UInt8](repeating: 0, count: Int(unsafe BN_num_bits(value) + 7) / 8)
        unsafe BN_bn2bin(value, &bytes)
        return bytes
    }
}

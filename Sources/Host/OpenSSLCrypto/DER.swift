/// The few DER encodings (X.690) that OpenSSL wants where the TPM and COSE have raw integers.
public enum DER {
    private static let sequenceTag: UInt8 = 0x30
    private static let integerTag: UInt8 = 0x02
    private static let bitStringTag: UInt8 = 0x03

    /// AlgorithmIdentifier { id-ecPublicKey, prime256v1 } (RFC 5480).
    private static let p256Algorithm: [UInt8] = [
        0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE,
        0x3D, 0x03, 0x01, 0x07,
    ]
    /// AlgorithmIdentifier { id-ecPublicKey, secp384r1 } (RFC 5480).
    private static let p384Algorithm: [UInt8] = [
        0x30, 0x10, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x05, 0x2B, 0x81, 0x04, 0x00,
        0x22,
    ]
    /// AlgorithmIdentifier { rsaEncryption, NULL } (RFC 3279).
    private static let rsaAlgorithm: [UInt8] = [
        0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
    ]

    /// SubjectPublicKeyInfo of a P-256 point (0x04, X, Y).
    public static func subjectPublicKeyInfo(p256Point point: [UInt8]) -> [UInt8] {
        subjectPublicKeyInfo(point: point, on: .p256)
    }

    /// SubjectPublicKeyInfo of an uncompressed point (0x04, X, Y).
    public static func subjectPublicKeyInfo(point: [UInt8], on curve: EllipticCurve) -> [UInt8] {
        let algorithm =
            switch curve {
            case .p256: p256Algorithm
            case .p384: p384Algorithm
            }
        return value(sequenceTag, algorithm + value(bitStringTag, [0] + point))
    }

    /// SubjectPublicKeyInfo of an RSA key; the integers are big-endian and unsigned.
    public static func subjectPublicKeyInfo(rsaModulus modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        let key = value(sequenceTag, integer(modulus) + integer(exponent))
        return value(sequenceTag, rsaAlgorithm + value(bitStringTag, [0] + key))
    }

    /// Ecdsa-Sig-Value of two big-endian unsigned integers (RFC 3279, 2.2.3).
    public static func ecdsaSignature(r: [UInt8], s: [UInt8]) -> [UInt8] {
        value(sequenceTag, integer(r) + integer(s))
    }

    /// INTEGER: shortest form, a zero byte in front where the top bit would make it negative.
    private static func integer(_ bytes: [UInt8]) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.isEmpty || digits[0] >= 0x80 { digits.insert(0, at: 0) }
        return value(integerTag, digits)
    }

    private static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag] + length(content.count) + content
    }

    private static func length(_ count: Int) -> [UInt8] {
        if count < 0x80 { return [UInt8(count)] }
        var digits: [UInt8] = []
        var rest = count
        while rest > 0 {
            digits.insert(UInt8(rest & 0xFF), at: 0)
            rest >>= 8
        }
        return [0x80 | UInt8(digits.count)] + digits
    }
}

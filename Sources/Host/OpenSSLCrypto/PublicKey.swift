internal import COpenSSL

/// A public key that OpenSSL accepted: well-formed and, on a curve, a point of it.
public struct PublicKey: Equatable, Sendable {
    /// SubjectPublicKeyInfo, DER: what `openssl` reads.
    public let subjectPublicKeyInfo: [UInt8]

    /// A key in SubjectPublicKeyInfo form. Nil when it is malformed or followed by other bytes.
    public init?(subjectPublicKeyInfo encoding: [UInt8]) {
        guard sice_key_kind(encoding.span) != 0 else { return nil }
        subjectPublicKeyInfo = encoding
    }

    /// An uncompressed P-256 point. Nil when it is not 65 bytes 0x04, X, Y or not on the curve.
    public init?(p256Point point: [UInt8]) {
        self.init(point: point, on: .p256)
    }

    /// An uncompressed point. Nil when it is not 0x04, X, Y or not on the curve.
    public init?(point: [UInt8], on curve: EllipticCurve) {
        guard point.count == 1 + 2 * curve.coordinateSize, point[0] == 0x04 else { return nil }
        self.init(subjectPublicKeyInfo: DER.subjectPublicKeyInfo(point: point, on: curve))
    }

    /// An RSA key of big-endian modulus and exponent.
    public init?(rsaModulus modulus: [UInt8], exponent: [UInt8]) {
        self.init(subjectPublicKeyInfo: DER.subjectPublicKeyInfo(rsaModulus: modulus, exponent: exponent))
    }

    /// Whether an ECDSA signature of two 32-byte integers over SHA-256 of the message is this key's.
    public func isValidSignature(r: [UInt8], s: [UInt8], message: [UInt8]) -> Bool {
        isValidSignature(DER.ecdsaSignature(r: r, s: s), message: message)
    }

    /// Whether a signature (DER for ECDSA, PKCS #1 v1.5 for RSA) over SHA-256 of the message is this key's.
    public func isValidSignature(_ signature: [UInt8], message: [UInt8]) -> Bool {
        sice_verify(subjectPublicKeyInfo.span, signature.span, message.span) == 1
    }

    /// RSA-OAEP (RFC 8017) with one hash for data and mask, and a label. Nil when the key is not RSA or too
    /// short.
    public func encryptOAEP(
        _ secret: [UInt8], label: [UInt8], hash: HashAlgorithm = .sha256
    ) -> [UInt8]? {
        guard case .rsa(let bits) = kind else { return nil }
        var output = [UInt8](repeating: 0, count: (bits + 7) / 8)
        var span = output.mutableSpan
        let key = subjectPublicKeyInfo
        let count = sice_encrypt_oaep(key.span, secret.span, label.span, hash.size, &span)
        return count == 0 ? nil : Array(output[..<count])
    }
}

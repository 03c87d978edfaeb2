internal import COpenSSL

/// A public key that OpenSSL accepted: well-formed and, for P-256, a point on the curve.
@safe public final class PublicKey {
    let key: OpaquePointer
    /// SubjectPublicKeyInfo, DER: what `openssl` reads.
    public let subjectPublicKeyInfo: [UInt8]

    /// A key in SubjectPublicKeyInfo form. Nil when it is malformed or followed by other bytes.
    public init?(subjectPublicKeyInfo encoding: [UInt8]) {
        subjectPublicKeyInfo = encoding
        let parsed: OpaquePointer? = unsafe encoding.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let key = unsafe d2i_PUBKEY(nil, &cursor, buffer.count) else { return nil }
            if unsafe cursor == buffer.baseAddress! + buffer.count { return unsafe key }
            unsafe EVP_PKEY_free(key)
            return nil
        }
        guard let parsed = unsafe parsed else { return nil }
        unsafe key = parsed
    }

    /// An uncompressed P-256 point. Nil when it is not 65 bytes 0x04, X, Y or not on the curve.
    public convenience init?(p256Point point: [UInt8]) {
        self.init(point: point, on: .p256)
    }

    /// An uncompressed point. Nil when it is not 0x04, X, Y or not on the curve.
    public convenience init?(point: [UInt8], on curve: EllipticCurve) {
        guard point.count == 1 + 2 * curve.coordinateSize, point[0] == 0x04 else { return nil }
        self.init(subjectPublicKeyInfo: DER.subjectPublicKeyInfo(point: point, on: curve))
    }

    /// An RSA key of big-endian modulus and exponent.
    public convenience init?(rsaModulus modulus: [UInt8], exponent: [UInt8]) {
        self.init(subjectPublicKeyInfo: DER.subjectPublicKeyInfo(rsaModulus: modulus, exponent: exponent))
    }

    deinit { unsafe EVP_PKEY_free(key) }

    /// Whether an ECDSA signature of two 32-byte integers over SHA-256 of the message is this key's.
    public func isValidSignature(r: [UInt8], s: [UInt8], message: [UInt8]) -> Bool {
        isValidSignature(DER.ecdsaSignature(r: r, s: s), message: message)
    }

    /// Whether a signature (DER for ECDSA, PKCS #1 v1.5 for RSA) over SHA-256 of the message is this key's.
    public func isValidSignature(_ signature: [UInt8], message: [UInt8]) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
        return unsafe signature.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestVerify(
                    context, signature.baseAddress, signature.count, message.baseAddress, message.count) == 1
            }
        }
    }

    /// RSA-OAEP (RFC 8017) with one hash for data and mask, and a label. Nil when the key is not RSA or too
    /// short.
    public func encryptOAEP(
        _ secret: [UInt8], label: [UInt8], hash: HashAlgorithm = .sha256
    ) -> [UInt8]? {
        guard let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return nil }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_encrypt_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_oaep_md(context, hash.implementation) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_mgf1_md(context, hash.implementation) == 1,
            unsafe PublicKey.setLabel(label, of: context)
        else { return nil }
        var length = 0
        guard unsafe EVP_PKEY_encrypt(context, nil, &length, secret, secret.count) == 1 else { return nil }
        var output = [UInt8](repeating: 0, count: length)
        guard unsafe EVP_PKEY_encrypt(context, &output, &length, secret, secret.count) == 1 else {
            return nil
        }
        return Array(output[..<length])
    }

    /// OpenSSL takes the label over and frees it, so that it must be its own memory.
    private static func setLabel(_ label: [UInt8], of context: OpaquePointer) -> Bool {
        guard let copy = unsafe CRYPTO_malloc(label.count, nil, 0) else { return false }
        unsafe copy.copyMemory(from: label, byteCount: label.count)
        if unsafe EVP_PKEY_CTX_set0_rsa_oaep_label(context, copy, Int32(label.count)) == 1 { return true }
        unsafe CRYPTO_free(copy, nil, 0)
        return false
    }
}

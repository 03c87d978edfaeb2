internal import COpenSSL

extension PublicKey {
    /// What kind of key it is.
    public enum Kind: Equatable, Sendable {
        case rsa(bits: Int)
        case elliptic(EllipticCurve)
        /// A kind that nobody here works with, in OpenSSL's words.
        case other(String)

        /// For messages: `RSA 2048`, `P-256`.
        public var name: String {
            switch self {
            case .rsa(let bits): "RSA \(bits)"
            case .elliptic(.p256): "P-256"
            case .elliptic(.p384): "P-384"
            case .other(let name): name
            }
        }
    }

    public var kind: Kind {
        let identifier = sice_key_kind(subjectPublicKeyInfo.span)
        if identifier == EVP_PKEY_RSA { return .rsa(bits: Int(sice_key_bits(subjectPublicKeyInfo.span))) }
        let name = openSSLName
        guard identifier == EVP_PKEY_EC else { return .other(name) }
        return [EllipticCurve.p256, .p384].first { $0.openSSLName == name }.map(Kind.elliptic) ?? .other(name)
    }

    /// Of its curve, if it has one.
    private var openSSLName: String {
        var name = [UInt8](repeating: 0, count: 80)
        var span = name.mutableSpan
        let count = sice_key_name(subjectPublicKeyInfo.span, &span)
        return String(decoding: name.prefix(count), as: UTF8.self)
    }
}

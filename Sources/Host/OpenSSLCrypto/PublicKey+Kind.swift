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
        switch unsafe EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_RSA: return .rsa(bits: Int(unsafe EVP_PKEY_get_bits(key)))
        case EVP_PKEY_EC:
            let name = curveName
            return [EllipticCurve.p256, .p384].first { Self.name(of: $0.identifier) == name }
                .map(Kind.elliptic) ?? .other(name)
        default: return .other(unsafe EVP_PKEY_get0_type_name(key).map { unsafe String(cString: $0) } ?? "")
        }
    }

    private var curveName: String {
        var name = [CChar](repeating: 0, count: 80)
        var length = 0
        guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return "unnamed" }
        return String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func name(of identifier: Int32) -> String? {
        unsafe OBJ_nid2sn(identifier).map { unsafe String(cString: $0) }
    }
}

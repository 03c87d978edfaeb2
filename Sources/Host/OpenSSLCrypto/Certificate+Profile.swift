internal import COpenSSL
public import Diagnostics
internal import SICEABI

/// What a certificate says about itself; what to make of it is a profile's business.
extension Certificate {
    /// Version as people say it: 3 for X.509v3.
    public var version: Int { Int(unsafe X509_get_version(certificate)) + 1 }

    /// Whether it may issue others: the CA flag of basicConstraints, or keyCertSign in keyUsage.
    public var isAuthority: Bool {
        flags & UInt32(EXFLAG_CA) != 0 || (keyUsage ?? 0) & UInt32(KU_KEY_CERT_SIGN) != 0
    }

    /// Whether its key may encrypt keys; nil when it does not say what its key is for.
    public var allowsKeyEncipherment: Bool? { keyUsage.map { $0 & UInt32(KU_KEY_ENCIPHERMENT) != 0 } }

    /// Whether its key may agree on keys; nil when it does not say what its key is for.
    public var allowsKeyAgreement: Bool? { keyUsage.map { $0 & UInt32(KU_KEY_AGREEMENT) != 0 } }

    /// Whether an extension contradicts another or cannot be read.
    public var isContradictory: Bool { flags & UInt32(EXFLAG_INVALID) != 0 }

    private var flags: UInt32 { unsafe X509_get_extension_flags(certificate) }

    private var keyUsage: UInt32? {
        flags & UInt32(EXFLAG_KUSAGE) == 0 ? nil : unsafe X509_get_key_usage(certificate)
    }

    /// Object identifiers of extendedKeyUsage, dotted; empty when it is missing, malformed or stands there
    /// twice.
    public var extendedKeyUsages: [String] {
        guard let decoded = unsafe X509_get_ext_d2i(certificate, NID_ext_key_usage, nil, nil) else {
            return []
        }
        let usages = OpaquePointer(decoded)
        defer { unsafe EXTENDED_KEY_USAGE_free(usages) }
        return (0..<(unsafe OPENSSL_sk_num(usages))).map { index in
            var text = [CChar](repeating: 0, count: 128)
            let object = unsafe OPENSSL_sk_value(usages, index).map { OpaquePointer($0) }
            let length = unsafe OBJ_obj2txt(&text, Int32(text.count), object, 1)
            let shown = max(0, min(Int(length), text.count - 1))
            return String(decoding: text.prefix(shown).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// The certified key. Throws `endorsementKeyRefused` for a kind that OpenSSL does not know.
    public func publicKey() throws(ToolError) -> PublicKey {
        guard let key = PublicKey(subjectPublicKeyInfo: try subjectPublicKeyInfo()) else {
            throw ToolError(.endorsementKeyRefused, "endorsement certificate: key of an unknown kind")
        }
        return key
    }
}

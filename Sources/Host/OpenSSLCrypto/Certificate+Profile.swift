internal import COpenSSL
public import Diagnostics
internal import SICEABI

/// What a certificate says about itself; what to make of it is a profile's business.
extension Certificate {
    /// Version as people say it: 3 for X.509v3.
    public var version: Int { sice_certificate_version(encoding.span) }

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

    private var flags: UInt32 { sice_certificate_flags(encoding.span) }

    private var keyUsage: UInt32? {
        flags & UInt32(EXFLAG_KUSAGE) == 0 ? nil : sice_certificate_key_usage(encoding.span)
    }

    /// Object identifiers of extendedKeyUsage, dotted; empty when it is missing, malformed or stands there
    /// twice.
    public var extendedKeyUsages: [String] {
        // A byte of an identifier is three digits and a dot at most; so its text has room.
        var text = [UInt8](repeating: 0, count: 4 * encoding.count)
        var span = text.mutableSpan
        let count = sice_certificate_usages(encoding.span, &span)
        return text.prefix(count).split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The certified key. Throws `endorsementKeyRefused` for a kind that OpenSSL does not know.
    public func publicKey() throws(ToolError) -> PublicKey {
        guard let key = PublicKey(subjectPublicKeyInfo: try subjectPublicKeyInfo()) else {
            throw ToolError(.endorsementKeyRefused, "endorsement certificate: key of an unknown kind")
        }
        return key
    }
}

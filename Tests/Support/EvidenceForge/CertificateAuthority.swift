internal import OpenSSLCrypto

/// An authority with a certificate of its own.
public struct CertificateAuthority {
    public let key: KeyPair
    public let name: String
    public let certificate: [UInt8]

    public init(_ name: String = "authority", key kind: KeyPair.Kind = .elliptic("P-256")) {
        var forge = CertificateForge.authority
        forge.subject = name
        key = KeyPair(kind)
        self.name = name
        certificate = forge.certificate(of: key, issuer: name, signedBy: key)
    }

    /// An intermediate of another authority.
    public init(_ name: String, under root: CertificateAuthority) {
        var forge = CertificateForge.authority
        forge.subject = name
        key = KeyPair(.elliptic("P-256"))
        self.name = name
        certificate = root.issue(forge, for: key)
    }

    /// What `--ek-ca` takes.
    public var pem: [UInt8] { Self.pem(certificate) }

    public static func pem(_ certificate: [UInt8]) -> [UInt8] {
        Array(PEM.encode(certificate, label: "CERTIFICATE").utf8)
    }

    /// Certifies a key of which only SubjectPublicKeyInfo is known.
    public func issue(_ forge: CertificateForge, for key: [UInt8]) -> [UInt8] {
        forge.certificate(of: key, issuer: name, signedBy: self.key)
    }

    public func issue(_ forge: CertificateForge, for key: KeyPair) -> [UInt8] {
        forge.certificate(of: key, issuer: name, signedBy: self.key)
    }
}

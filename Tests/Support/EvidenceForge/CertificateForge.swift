internal import COpenSSL
internal import Foundation

/// Makes certificates of any kind: what a TPM's manufacturer, or somebody who shares its CA, could issue.
public struct CertificateForge {
    /// Name and value as in OpenSSL's configuration files, x509v3_config(5).
    public var extensions: [(name: String, value: String)]
    /// X.509 version as people say it.
    public var version = 3
    /// Begin and end of the validity, in seconds from now.
    public var validity = (-3600, 86400)
    public var subject = "endorsed"

    /// What a TCG EK certificate has, for a key that encrypts (RSA) or agrees.
    public init(for kind: KeyPair.Kind) {
        let usage = if case .rsa = kind { "keyEncipherment" } else { "keyAgreement" }
        extensions = [
            ("basicConstraints", "critical,CA:FALSE"), ("keyUsage", "critical,\(usage)"),
            ("extendedKeyUsage", "2.23.133.8.1"), ("subjectAltName", "critical,DER:\(Self.tpmName)"),
        ]
    }

    /// What an authority's own certificate has.
    public static var authority: CertificateForge {
        var forge = CertificateForge(for: .rsa(bits: 2048))
        forge.subject = "authority"
        forge.extensions = [
            ("basicConstraints", "critical,CA:TRUE"), ("keyUsage", "critical,keyCertSign,cRLSign"),
        ]
        return forge
    }

    /// What a web server's certificate of the same authority has.
    public static var server: CertificateForge {
        var forge = CertificateForge(for: .rsa(bits: 2048))
        forge["keyUsage"] = "critical,digitalSignature,keyEncipherment"
        forge["extendedKeyUsage"] = "serverAuth,clientAuth"
        forge["subjectAltName"] = "DNS:www.example.com"
        return forge
    }

    /// The value of an extension; nil takes it out.
    public subscript(name: String) -> String? {
        get { extensions.first { $0.name == name }?.value }
        set {
            extensions.removeAll { $0.name == name }
            if let newValue { extensions.append((name, newValue)) }
        }
    }

    /// GeneralNames with one directoryName of TPM manufacturer, model and version (EK Credential Profile
    /// 3.2.9).
    private static var tpmName: String {
        let attributes = [(1, "id:53494345"), (2, "test"), (3, "id:00010000")].map { number, text in
            value(
                0x31,
                value(
                    0x30, [0x06, 0x05, 0x67, 0x81, 0x05, 0x02, UInt8(number)] + value(0x0C, Array(text.utf8)))
            )
        }
        return value(0x30, value(0xA4, value(0x30, attributes.flatMap { $0 })))
            .map { String(format: "%02X", $0) }.joined(separator: ":")
    }

    private static func value(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        [tag, UInt8(content.count)] + content
    }

    /// The certificate in DER. Its issuer's name is `issuer`.
    public func certificate(of subject: KeyPair, issuer: String, signedBy issuerKey: KeyPair) -> [UInt8] {
        certificate(of: subject.subjectPublicKeyInfo, issuer: issuer, signedBy: issuerKey)
    }

    /// The certificate of a key of which only SubjectPublicKeyInfo is known.
    public func certificate(of key: [UInt8], issuer: String, signedBy issuerKey: KeyPair) -> [UInt8] {
        let certificate = unsafe X509_new()
        defer { unsafe X509_free(certificate) }
        unsafe X509_set_version(certificate, version - 1)
        unsafe ASN1_INTEGER_set(X509_get_serialNumber(certificate), Int(UInt16.random(in: 1...0xFFFF)))
        unsafe X509_gmtime_adj(X509_getm_notBefore(certificate), validity.0)
        unsafe X509_gmtime_adj(X509_getm_notAfter(certificate), validity.1)
        unsafe Self.name(X509_get_subject_name(certificate), subject)
        unsafe Self.name(X509_get_issuer_name(certificate), issuer)
        unsafe Self.setKey(key, of: certificate)
        for (name, value) in extensions where version == 3 {
            guard let made = unsafe X509V3_EXT_conf(nil, nil, name, value) else {
                preconditionFailure("extension \(name)")
            }
            unsafe X509_add_ext(certificate, made, -1)
            unsafe X509_EXTENSION_free(made)
        }
        guard unsafe X509_sign(certificate, issuerKey.key, EVP_sha256()) > 0 else {
            preconditionFailure("not signed")
        }
        var encoding: UnsafeMutablePointer<UInt8>?
        let count = unsafe i2d_X509(certificate, &encoding)
        defer { unsafe CRYPTO_free(encoding, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: encoding, count: Int(count)))
    }

    private static func setKey(_ encoding: [UInt8], of certificate: OpaquePointer?) {
        let key = unsafe encoding.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &cursor, buffer.count)
        }
        defer { unsafe EVP_PKEY_free(key) }
        guard unsafe X509_set_pubkey(certificate, key) == 1 else { preconditionFailure("no key") }
    }

    private static func name(_ name: OpaquePointer?, _ text: String) {
        unsafe X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, text, -1, -1, 0)
    }
}

internal import Diagnostics
internal import OpenSSLCrypto
internal import SICEABI

/// What the TCG EK Credential Profile for TPM 2.0 (2.3, 3.2) asks of a certificate before it counts as a TPM
/// manufacturer's word about a key.
///
/// A manufacturer's CA issues other certificates too, and its issuers may be shared with web servers: who
/// holds a key that such a certificate is for could otherwise enroll a program in the place of a TPM.
enum EndorsementProfile {
    /// tcg-kp-EKCertificate.
    static let usage = "2.23.133.8.1"

    /// Throws `endorsementKeyRefused` for a kind of key that is not accepted.
    static func checkKind(_ kind: PublicKey.Kind) throws(ToolError) {
        switch kind {
        case .rsa(2048), .rsa(3072), .elliptic: return
        case .rsa, .other:
            throw ToolError(.endorsementKeyRefused, "endorsement certificate: \(kind.name)")
        }
    }

    /// Throws `endorsementNotForTPM` with the first point that the certificate does not meet. Period of
    /// validity and critical extensions are a matter of ``Certificate/verify(authorities:)``.
    static func check(_ certificate: Certificate, kind: PublicKey.Kind) throws(ToolError) {
        try demand(certificate.version == 3, "X.509 version \(certificate.version), not 3")
        try demand(!certificate.isContradictory, "extensions that cannot be read or contradict each other")
        try demand(!certificate.isAuthority, "it is a CA's certificate")
        let usages = certificate.extendedKeyUsages
        try demand(
            usages.contains(usage),
            "extended key usage \(usages.isEmpty ? "missing" : usages.joined(separator: ", ")), not \(usage) "
                + "(tcg-kp-EKCertificate)")
        try checkKeyUsage(certificate, kind)
    }

    /// The key encrypts the credential's seed (RSA) or agrees on it.
    private static func checkKeyUsage(
        _ certificate: Certificate, _ kind: PublicKey.Kind
    ) throws(ToolError) {
        let (isAllowed, name) =
            if case .rsa = kind {
                (certificate.allowsKeyEncipherment, "keyEncipherment")
            } else {
                (certificate.allowsKeyAgreement, "keyAgreement")
            }
        try demand(isAllowed != nil, "key usage missing")
        try demand(isAllowed == true, "key usage without \(name)")
    }

    private static func demand(_ condition: Bool, _ reason: String) throws(ToolError) {
        guard condition else {
            throw ToolError(.endorsementNotForTPM, "endorsement certificate: \(reason)")
        }
    }
}

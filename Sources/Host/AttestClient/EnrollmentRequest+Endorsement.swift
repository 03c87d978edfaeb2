internal import Diagnostics
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import SICEABI
internal import StrictJSON

extension EnrollmentRequest {
    /// Checks the endorsement: the certificate chains to a CA of the caller, is one for endorsement keys, and
    /// certifies the key that the machine shows. Returns that key. Throws `endorsementUntrusted`,
    /// `endorsementNotForTPM`, `endorsementNotValidNow`, `endorsementKeyRefused`, `endorsementOfAnotherKey`,
    /// `enrollmentUnreadable`.
    func verifiedEndorsementKey(authorities: [UInt8]) throws(ToolError) -> EndorsementKey {
        let certificate = try Certificate(endorsementCertificate)
        let certified = try certificate.publicKey()
        try EndorsementProfile.checkKind(certified.kind)
        try EndorsementProfile.check(certificate, kind: certified.kind)
        try certificate.verify(authorities: authorities)
        let shown = try EndorsementKey(endorsementKey)
        guard certified.subjectPublicKeyInfo == shown.key.subjectPublicKeyInfo else {
            throw ToolError(
                .endorsementOfAnotherKey,
                "certified is \(certified.kind.name) \(Self.fingerprint(certified)), the TPM shows "
                    + "\(shown.key.kind.name) \(Self.fingerprint(shown.key))")
        }
        return shown
    }

    /// Enough of a key's hash to tell it from others.
    private static func fingerprint(_ key: PublicKey) -> String {
        Hex.encode(SHA256.hash(key.subjectPublicKeyInfo).prefix(8))
    }
}

internal import Crypto
public import Diagnostics
internal import SICEABI
internal import StrictJSON

/// What a machine says about its TPM: schema `sice.enrollment-request/1`. Claims until proven.
public struct EnrollmentRequest: Equatable, Sendable {
    /// X.509, DER.
    public var endorsementCertificate: [UInt8]
    /// TPM2B_PUBLIC.
    public var endorsementKey: [UInt8]
    /// TPM2B_PUBLIC.
    public var attestationKey: [UInt8]

    public init(endorsementCertificate: [UInt8], endorsementKey: [UInt8], attestationKey: [UInt8]) {
        self.endorsementCertificate = endorsementCertificate
        self.endorsementKey = endorsementKey
        self.attestationKey = attestationKey
    }

    /// Parses an answer. Throws `enrollmentUnreadable`.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        var fields = try JSONFields(
            document: bytes, schema: "sice.enrollment-request/1", context: "enrollment request",
            errors: .init(.enrollmentUnreadable))
        endorsementCertificate = try fields.base64("endorsement_certificate")
        endorsementKey = try fields.base64("endorsement_key")
        attestationKey = try fields.base64("attestation_key")
        try fields.finish()
    }

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

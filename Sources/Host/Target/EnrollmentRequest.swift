internal import Bytes
internal import Crypto
public import Diagnostics
internal import SICEABI
internal import StrictJSON
internal import TPMStructures

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

    /// Checks the endorsement: the certificate chains to a CA of the caller and certifies the endorsement key.
    /// Returns that key. Throws `endorsementUntrusted`, `enrollmentUnreadable`.
    func verifiedEndorsementKey(authorities: [UInt8]) throws(ToolError) -> PublicKey {
        let certificate = try Certificate(endorsementCertificate)
        try certificate.verify(authorities: authorities)
        let parts: (modulus: [UInt8], exponent: UInt32, attributes: UInt32)
        do throws(TPMStructureError) {
            let area = try TPMPublicArea(endorsementKey.span)
            guard case .rsa(_, let exponent) = area.kind else { throw .unsupported }
            parts = ([UInt8](area.first), exponent, area.attributes)
        } catch { throw ToolError(.enrollmentUnreadable, "endorsement key: \(error)") }
        let needed =
            TPMObjectAttributes.fixedTPM | TPMObjectAttributes.fixedParent | TPMObjectAttributes.restricted
            | TPMObjectAttributes.decrypt
        guard parts.attributes & needed == needed, parts.attributes & TPMObjectAttributes.sign == 0 else {
            throw ToolError(.endorsementUntrusted, "the endorsement key is not a restricted decryption key")
        }
        guard let key = PublicKey(rsaModulus: parts.modulus, exponent: bigEndian(parts.exponent))
        else {
            throw ToolError(.enrollmentUnreadable, "endorsement key is not an RSA key")
        }
        guard try certificate.subjectPublicKeyInfo() == key.subjectPublicKeyInfo else {
            throw ToolError(.endorsementUntrusted, "the certificate is for another endorsement key")
        }
        return key
    }
}

public import Diagnostics
internal import SICEABI
public import StrictJSON

/// What a machine says about its TPM: schema `sice.enrollment-request/1`. Claims until proven.
public struct EnrollmentRequest: Equatable, Sendable {
    public static let schema = "sice.enrollment-request/1"

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
            document: bytes, schema: Self.schema, context: "enrollment request",
            errors: .init(.enrollmentUnreadable))
        endorsementCertificate = try fields.base64("endorsement_certificate")
        endorsementKey = try fields.base64("endorsement_key")
        attestationKey = try fields.base64("attestation_key")
        try fields.finish()
    }

    /// The request as JSON.
    public var json: JSON {
        .object([
            "schema": .string(Self.schema),
            "endorsement_certificate": .string(Base64.encode(endorsementCertificate)),
            "endorsement_key": .string(Base64.encode(endorsementKey)),
            "attestation_key": .string(Base64.encode(attestationKey)),
        ])
    }
}

public import Diagnostics
internal import SICEABI
public import StrictJSON

/// A TPM that proved to hold an endorsed key, and the attestation key that it answers with.
/// Schema `sice.enrollment/1`.
public struct Enrollment: Equatable, Sendable {
    public static let schema = "sice.enrollment/1"

    /// TPM2B_PUBLIC of the attestation key.
    public var attestationKey: [UInt8]
    /// SHA-256 of the endorsement certificate, to tell machines apart.
    public var certificateDigest: [UInt8]

    public init(attestationKey: [UInt8], certificateDigest: [UInt8]) {
        self.attestationKey = attestationKey
        self.certificateDigest = certificateDigest
    }

    /// Parses a record. Throws `enrollmentUnreadable`.
    public init(_ bytes: [UInt8], path: String) throws(ToolError) {
        var fields = try JSONFields(
            document: bytes, schema: Enrollment.schema, context: path, errors: .init(.enrollmentUnreadable))
        attestationKey = try fields.base64("attestation_key")
        certificateDigest = try fields.hex("endorsement_certificate_sha256", count: ABI.digestSize)
        try fields.finish()
    }

    /// The record as JSON.
    public var json: JSON {
        .object([
            "schema": .string(Enrollment.schema),
            "attestation_key": .string(Base64.encode(attestationKey)),
            "endorsement_certificate_sha256": .string(Hex.encode(certificateDigest)),
        ])
    }
}

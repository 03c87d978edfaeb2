public import Diagnostics
internal import SICEABI
public import StrictJSON

/// A credential that only the TPM with the endorsed key can decrypt, and only if it also holds the attestation key.
/// Schema `sice.activation/1`.
public struct Activation: Equatable, Sendable {
    public static let schema = "sice.activation/1"

    /// TPM2B_ID_OBJECT.
    public var credentialBlob: [UInt8]
    /// TPM2B_ENCRYPTED_SECRET.
    public var encryptedSecret: [UInt8]

    public init(credentialBlob: [UInt8], encryptedSecret: [UInt8]) {
        self.credentialBlob = credentialBlob
        self.encryptedSecret = encryptedSecret
    }

    /// Parses a request. Throws `invalidArgument`.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        var fields = try JSONFields(
            document: bytes, schema: Self.schema, context: "activation", errors: .init(.invalidArgument))
        credentialBlob = try fields.base64("credential_blob")
        encryptedSecret = try fields.base64("encrypted_secret")
        try fields.finish()
    }

    /// The request as JSON.
    public var json: JSON {
        .object([
            "schema": .string(Self.schema), "credential_blob": .string(Base64.encode(credentialBlob)),
            "encrypted_secret": .string(Base64.encode(encryptedSecret)),
        ])
    }
}

/// What the TPM decrypted. Schema `sice.activation-result/1`.
public struct ActivationResult: Equatable, Sendable {
    public static let schema = "sice.activation-result/1"

    public var secret: [UInt8]

    public init(secret: [UInt8]) { self.secret = secret }

    /// Parses an answer. Throws `enrollmentFailed`.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        var fields = try JSONFields(
            document: bytes, schema: Self.schema, context: "activation result",
            errors: .init(.enrollmentFailed))
        secret = try fields.hex("secret")
        try fields.finish()
    }

    /// The answer as JSON.
    public var json: JSON {
        .object(["schema": .string(Self.schema), "secret": .string(Hex.encode(secret))])
    }
}

internal import Bytes
public import Crypto
public import Diagnostics
internal import SICEABI

/// TPM2_MakeCredential in software (TPM 2.0 Library, Part 1, 24): a secret that only the TPM with the endorsement key
/// can decrypt, and only if it also holds the named attestation key.
public struct Credential: Equatable, Sendable {
    /// TPM2B_ID_OBJECT.
    public let blob: [UInt8]
    /// TPM2B_ENCRYPTED_SECRET.
    public let encryptedSecret: [UInt8]

    /// - Parameter name: Name of the attestation key.
    /// - Parameter seed: 32 random bytes; the caller passes them so that tests can repeat them.
    /// Throws `internalFailure`.
    public init(
        secret: [UInt8], name: [UInt8], endorsementKey: PublicKey, seed: [UInt8]
    ) throws(ToolError) {
        guard let encrypted = endorsementKey.encryptOAEP(seed, label: Array("IDENTITY".utf8) + [0]) else {
            throw ToolError(.internalFailure, "RSA-OAEP with the endorsement key")
        }
        encryptedSecret = sized(encrypted)
        let cipherKey = Symmetric.kdfa(key: seed, label: "STORAGE", contextU: name, contextV: [], bits: 128)
        let identity = try Symmetric.encryptAES128CFB(
            key: cipherKey, initializationVector: [UInt8](repeating: 0, count: 16), sized(secret))
        let codeKey = Symmetric.kdfa(key: seed, label: "INTEGRITY", contextU: [], contextV: [], bits: 256)
        let code = Symmetric.hmac(key: codeKey, identity + name)
        blob = sized(sized(code) + identity)
    }
}

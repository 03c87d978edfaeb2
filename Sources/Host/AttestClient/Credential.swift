internal import Bytes
internal import Diagnostics
internal import OpenSSLCrypto
internal import SICEABI

/// TPM2_MakeCredential in software (TPM 2.0 Library, Part 1, 24): a secret that only the TPM with the endorsement key
/// can decrypt, and only if it also holds the named attestation key.
public struct Credential: Equatable, Sendable {
    /// TPM2B_ID_OBJECT.
    public let blob: [UInt8]
    /// TPM2B_ENCRYPTED_SECRET.
    public let encryptedSecret: [UInt8]

    private static let label = "IDENTITY"

    /// - Parameter secret: at most as many bytes as the endorsement key's name algorithm gives.
    /// - Parameter name: Name of the attestation key.
    /// Throws `internalFailure`, `noEntropy`.
    init(secret: [UInt8], name: [UInt8], for endorsement: EndorsementKey) throws(ToolError) {
        let seed: [UInt8]
        (seed, encryptedSecret) = try Credential.seed(for: endorsement)
        let hash = endorsement.hash
        let cipherKey = KeyDerivation.kdfa(
            hash, key: seed, label: "STORAGE", context: name, bits: 8 * endorsement.cipherKeySize)
        let identity = try Symmetric.encryptAESCFB(
            key: cipherKey, initializationVector: [UInt8](repeating: 0, count: 16), sized(secret))
        let codeKey = KeyDerivation.kdfa(
            hash, key: seed, label: "INTEGRITY", context: [], bits: 8 * hash.size)
        blob = sized(sized(hash.hmac(key: codeKey, identity + name)) + identity)
    }

    /// A seed and the TPM2B_ENCRYPTED_SECRET from which only the endorsement key finds it again.
    private static func seed(
        for endorsement: EndorsementKey
    ) throws(ToolError) -> (seed: [UInt8], secret: [UInt8]) {
        switch endorsement.key.kind {
        case .rsa: try encryptedSeed(for: endorsement)
        case .elliptic(let curve): try agreedSeed(for: endorsement, on: curve)
        case .other(let name): throw ToolError(.endorsementKeyRefused, "endorsement key: \(name)")
        }
    }

    /// RSA: a random seed, encrypted with OAEP (Part 1, B.10.4).
    private static func encryptedSeed(
        for endorsement: EndorsementKey
    ) throws(ToolError) -> (seed: [UInt8], secret: [UInt8]) {
        let seed = try Symmetric.random(endorsement.hash.size)
        guard
            let encrypted = endorsement.key.encryptOAEP(
                seed, label: Array(label.utf8) + [0], hash: endorsement.hash)
        else { throw ToolError(.internalFailure, "RSA-OAEP with the endorsement key") }
        return (seed, sized(encrypted))
    }

    /// ECC: the seed comes out of an agreement with a fresh key, whose TPMS_ECC_POINT is sent (Part 1,
    /// C.6.4).
    private static func agreedSeed(
        for endorsement: EndorsementKey, on curve: EllipticCurve
    ) throws(ToolError) -> (seed: [UInt8], secret: [UInt8]) {
        let agreement = try EphemeralAgreement(with: endorsement.key, on: curve)
        // SubjectPublicKeyInfo ends with X and Y.
        let theirs = Array(
            endorsement.key.subjectPublicKeyInfo.suffix(2 * curve.coordinateSize)
                .prefix(curve.coordinateSize))
        let seed = KeyDerivation.kdfe(
            endorsement.hash, secret: agreement.secret, label: label, parties: agreement.x + theirs,
            bits: 8 * endorsement.hash.size)
        return (seed, sized(sized(agreement.x) + sized(agreement.y)))
    }
}

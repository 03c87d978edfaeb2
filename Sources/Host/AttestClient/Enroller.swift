public import Diagnostics
internal import Evidence
public import EvidenceFormat
internal import OpenSSLCrypto
internal import SICEABI
internal import StrictJSON

/// Learns a machine's attestation key, and that it lives in the same TPM as a key that the manufacturer endorsed.
public struct Enroller: Sendable {
    /// The challenge of one enrollment.
    public struct Challenge: Sendable {
        public let credential: Credential
        let secret: [UInt8]
        let record: Enrollment
    }

    /// PEM certificates of the TPM's manufacturer.
    private let authorities: [UInt8]

    public init(authorities: [UInt8]) { self.authorities = authorities }

    /// Checks the endorsement and makes a secret for the TPM to decrypt. Throws `endorsementUntrusted`,
    /// `endorsementNotForTPM`, `endorsementNotValidNow`, `endorsementKeyRefused`, `endorsementOfAnotherKey`,
    /// `enrollmentUnreadable`, `noEntropy`.
    public func challenge(_ request: EnrollmentRequest) throws(ToolError) -> Challenge {
        let endorsementKey = try request.verifiedEndorsementKey(authorities: authorities)
        let attestationKey: AttestationKey
        do throws(ToolError) {
            attestationKey = try AttestationKey(request.attestationKey)
        } catch { throw ToolError(.enrollmentUnreadable, error.detail) }
        let secret = try Symmetric.random(32)
        return Challenge(
            credential: try Credential(
                secret: secret, name: attestationKey.name, for: endorsementKey),
            secret: secret,
            record: Enrollment(
                attestationKey: request.attestationKey,
                certificateDigest: SHA256.hash(request.endorsementCertificate)))
    }

    /// Compares what the TPM decrypted. Throws `enrollmentFailed`.
    public func complete(_ challenge: Challenge, answer: [UInt8]) throws(ToolError) -> Enrollment {
        guard answer == challenge.secret else {
            throw ToolError(.enrollmentFailed, "the machine answered with another secret")
        }
        return challenge.record
    }

    /// The whole exchange with a machine. Also throws what ``TargetClient/get(_:limit:)`` does.
    public func enroll(_ client: TargetClient) async throws(ToolError) -> Enrollment {
        let challenge = try challenge(EnrollmentRequest(try await client.get("/v1/enrollment")))
        let activation = Activation(
            credentialBlob: challenge.credential.blob,
            encryptedSecret: challenge.credential.encryptedSecret)
        let answer = try await client.post("/v1/activate", activation.json)
        return try complete(challenge, answer: ActivationResult(answer).secret)
    }
}

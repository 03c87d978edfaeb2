import Appraisal
import AttestClient
import Diagnostics
import Evidence
import EvidenceForge
import EvidenceFormat
import OpenSSLCrypto
import SICEABI
import SoftwareTPM
import TPMAttestation
import Testing

/// Enrollment against a real TPM implementation: what it decrypts is what we encrypted, or it is refused.
@Suite(.serialized, .enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
struct EnrollmentTests {
    private func request(_ identity: AttestationTPM<TPMDevice>.Identity) -> EnrollmentRequest {
        EnrollmentRequest(
            endorsementCertificate: identity.endorsementCertificate, endorsementKey: identity.endorsementKey,
            attestationKey: identity.attestationKey)
    }

    private func code(_ body: () throws -> Void) -> ErrorCode? {
        do {
            try body()
            return nil
        } catch { return (error as? ToolError)?.code }
    }

    @Test func enroll_keyOfThisTPM() throws {
        let tpm = try SoftwareTPM()
        var client = try tpm.open()
        let identity = try client.identity()
        let enroller = Enroller(authorities: try tpm.authorityBytes())
        let challenge = try enroller.challenge(request(identity))
        let secret = try client.activate(
            credential: challenge.credential.blob, secret: challenge.credential.encryptedSecret)
        let record = try enroller.complete(challenge, answer: secret)
        #expect(record.attestationKey == identity.attestationKey)
        #expect(record.certificateDigest == SHA256.hash(identity.endorsementCertificate))
        #expect(code { _ = try enroller.complete(challenge, answer: [1, 2, 3]) } == .enrollmentFailed)
    }

    /// The kinds of keys for which this TPM's maker writes certificates.
    @Test(arguments: [
        (2048, EndorsementTemplate.rsa2048), (2048, .p384High), (3072, .rsa3072High), (3072, .p384High),
    ]) func enroll_byEveryCertifiedKey(_ bits: Int, _ template: EndorsementTemplate) throws {
        let tpm = try SoftwareTPM(rsaBits: bits)
        var client = try tpm.open()
        let identity = try client.identity(template)
        try activate(request(identity), template, &client, authorities: try tpm.authorityBytes())
    }

    /// Keys for which it writes none, certified here. The TPM's answer shows that the credential is right.
    @Test(arguments: [EndorsementTemplate.p256, .p256High, .rsa2048High])
    func enroll_byKeyThatIsCertifiedHere(_ template: EndorsementTemplate) throws {
        let tpm = try SoftwareTPM()
        var client = try tpm.open()
        let authority = CertificateAuthority()
        var request = request(try client.identity())
        request.endorsementKey = try client.endorsementKey(template)
        let key = try certifiedKey(of: request.endorsementKey)
        let kind: KeyPair.Kind = template == .rsa2048High ? .rsa(bits: 2048) : .elliptic("P-256")
        request.endorsementCertificate = authority.issue(CertificateForge(for: kind), for: key)
        try activate(request, template, &client, authorities: authority.pem)
    }

    private func certifiedKey(of publicArea: [UInt8]) throws -> [UInt8] {
        publicArea.count > 256
            ? DER.subjectPublicKeyInfo(rsaModulus: publicArea.suffix(256), exponent: [1, 0, 1])
            : DER.subjectPublicKeyInfo(
                p256Point: [4] + publicArea.suffix(66).prefix(32) + publicArea.suffix(32))
    }

    private func activate(
        _ request: EnrollmentRequest, _ template: EndorsementTemplate,
        _ client: inout AttestationTPM<TPMDevice>, authorities: [UInt8]
    ) throws {
        let enroller = Enroller(authorities: authorities)
        let challenge = try enroller.challenge(request)
        let secret = try client.activate(
            credential: challenge.credential.blob, secret: challenge.credential.encryptedSecret, template)
        let record = try enroller.complete(challenge, answer: secret)
        #expect(record.attestationKey == request.attestationKey)
        // A credential for the name of another key: the TPM finds that its integrity does not hold.
        var other = request
        other.attestationKey = Forge().attestationKeyArea
        let foreign = try enroller.challenge(other).credential
        #expect(throws: ToolError.self) {
            try client.activate(credential: foreign.blob, secret: foreign.encryptedSecret, template)
        }
    }

    @Test func reject_attestationKeyOfAnotherTPM() throws {
        let tpm = try SoftwareTPM()
        var client = try tpm.open()
        let other = try SoftwareTPM()
        var otherClient = try other.open()
        var request = request(try client.identity())
        request.attestationKey = try otherClient.identity().attestationKey
        let challenge = try Enroller(authorities: tpm.authorityBytes()).challenge(request)
        // Neither TPM holds both keys, so neither can answer.
        let (blob, secret) = (challenge.credential.blob, challenge.credential.encryptedSecret)
        #expect(throws: ToolError.self) { try client.activate(credential: blob, secret: secret) }
        #expect(throws: ToolError.self) { try otherClient.activate(credential: blob, secret: secret) }
    }

    @Test func reject_otherAuthorityCertificateOrKey() throws {
        let tpm = try SoftwareTPM()
        var client = try tpm.open()
        let other = try SoftwareTPM()
        var otherClient = try other.open()
        let good = request(try client.identity())
        let foreign = request(try otherClient.identity())
        let authorities = try tpm.authorityBytes()
        #expect(code { _ = try Enroller(authorities: authorities).challenge(good) } == nil)
        #expect(
            code { _ = try Enroller(authorities: other.authorityBytes()).challenge(good) }
                == .endorsementUntrusted)
        var swapped = good
        swapped.endorsementKey = foreign.endorsementKey
        #expect(
            code { _ = try Enroller(authorities: authorities).challenge(swapped) }
                == .endorsementOfAnotherKey)
        #expect(code { _ = try Enroller(authorities: [0x41]).challenge(good) } == .enrollmentUnreadable)
        var damaged = good
        damaged.endorsementCertificate.removeLast(200)
        #expect(
            code { _ = try Enroller(authorities: authorities).challenge(damaged) } == .enrollmentUnreadable)
    }

    @Test func reject_keysThatAreNoTPMKeys() throws {
        let tpm = try SoftwareTPM()
        var client = try tpm.open()
        let good = request(try client.identity())
        let enroller = Enroller(authorities: try tpm.authorityBytes())
        var unrestricted = good
        unrestricted.attestationKey[7] ^= 1  // TPMA_OBJECT.restricted
        #expect(code { _ = try enroller.challenge(unrestricted) } == .enrollmentUnreadable)
        var truncated = good
        truncated.endorsementKey.removeLast()
        #expect(code { _ = try enroller.challenge(truncated) } == .enrollmentUnreadable)
        var signing = good
        signing.endorsementKey[7] ^= 4  // TPMA_OBJECT.sign
        #expect(code { _ = try enroller.challenge(signing) } == .endorsementKeyRefused)
    }
}

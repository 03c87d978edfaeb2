import Appraisal
import AttestClient
import Evidence
import EvidenceForge
import EvidenceFormat
import SICEABI
import SoftwareTPM
import TPM2
import TPMAttestation

/// Evidence whose quote a real TPM implementation made (libtpms), over PCRs that hold the events of the log.
struct QuotedEvidence {
    let bundle: EvidenceBundle
    let expectations: Expectations

    init(_ tpm: SoftwareTPM, _ forge: Forge = Forge()) throws {
        try QuotedEvidence.extend(forge.events, on: tpm)
        var client = try tpm.open()
        var parts = forge.bundle()
        let quote = try client.quote(
            qualifyingData: QuoteBinding.qualifyingData(nonce: forge.nonce, report: parts.report),
            pcrMask: 0b11_0101
        )
        parts.quote = quote.attest
        parts.quoteSignature = quote.signature
        parts.attestationKey = quote.attestationKey
        bundle = parts
        let identity = try client.identity()
        let request = EnrollmentRequest(
            endorsementCertificate: identity.endorsementCertificate, endorsementKey: identity.endorsementKey,
            attestationKey: identity.attestationKey)
        let enroller = Enroller(authorities: try tpm.authorityBytes())
        let challenge = try enroller.challenge(request)
        let secret = try client.activate(
            credential: challenge.credential.blob, secret: challenge.credential.encryptedSecret)
        var expectations = forge.expectations
        expectations.enrollment = try enroller.complete(challenge, answer: secret)
        self.expectations = expectations
    }

    private static func extend(_ events: [BootLog.Event], on tpm: SoftwareTPM) throws {
        var client = TPMClient(try TPMDevice(socket: tpm.socket))
        for event in events { try client.extend(pcr: event.pcr, digest: event.digest.span) }
    }
}

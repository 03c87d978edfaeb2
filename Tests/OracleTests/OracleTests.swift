import Appraisal
import AttestClient
import Diagnostics
import Evidence
import EvidenceForge
import EvidenceFormat
import Foundation
import SICEABI
import SoftwareTPM
import TPMAttestation
import Testing

extension SoftwareTPM {
    func authorityBytes() throws -> [UInt8] { try authorities.flatMap { try InputFile.read($0) } }
}

/// Our verdicts against stock programs: the same bytes, checked by `tpm2_checkquote`, `tpm2_eventlog`, `openssl`.
@Suite(.serialized, .enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
struct OracleTests {
    @Test func affirm_quoteOfRealTPM() throws {
        let tpm = try SoftwareTPM()
        let evidence = try QuotedEvidence(tpm)
        let verdict = try Appraiser(UnverifiedEvidence(evidence.bundle), evidence.expectations).verdict()
        #expect(verdict.checks.filter { $0.status != .pass } == [])
        #expect(verdict.outcome == .affirmed)
    }

    @Test func refuse_quoteOfAnotherRealTPM() throws {
        let forge = Forge()
        let evidence = try QuotedEvidence(SoftwareTPM(), forge)
        let other = try QuotedEvidence(SoftwareTPM(), forge)
        let verdict = try Appraiser(UnverifiedEvidence(other.bundle), evidence.expectations).verdict()
        let failed = verdict.checks.filter { $0.status == .fail }.map(\.identifier)
        #expect(failed == [.attestationKey, .quoteSignature])
    }

    @Test func stockPrograms_acceptTheSameBytes() throws {
        let tpm = try SoftwareTPM()
        let bundle = try QuotedEvidence(tpm).bundle
        for (name, content) in try RawFiles(bundle).files {
            try OutputFile.write(content, to: "\(tpm.folder)/\(name)")
        }
        let data = try #require(tpm.run("cat", "qualifying-data.hex"))
        let quoted = tpm.run(
            "tpm2_checkquote", "-u", "attestation-key.pem", "-m", "quote.msg", "-s", "quote.sig", "-g",
            "sha256",
            "-q", data, "-f", "quote.pcrs", "-F", "values", "-l", "sha256:0,2,4,5")
        #expect(quoted != nil)
        let log = try #require(tpm.run("tpm2_eventlog", "event.log"))
        for (pcr, value) in zip(EvidenceBundle.quotedPCRs, bundle.pcrs) where pcr != 0 {
            let digits = value.map { String(format: "%02x", $0) }.joined()
            #expect(log.contains("0x\(digits)"), "PCR \(pcr)")
        }
        let signed = tpm.run(
            "openssl", "dgst", "-sha256", "-verify", "report-key.pem", "-signature", "report.signature.der",
            "report.signed-bytes")
        #expect(signed == "Verified OK\n")
    }

    @Test func stockPrograms_refuseWhatWeRefuse() throws {
        let tpm = try SoftwareTPM()
        var bundle = try QuotedEvidence(tpm).bundle
        bundle.quote[bundle.quote.count - 1] ^= 1
        for (name, content) in try RawFiles(bundle).files {
            try OutputFile.write(content, to: "\(tpm.folder)/\(name)")
        }
        let quoted = tpm.run(
            "tpm2_checkquote", "-u", "attestation-key.pem", "-m", "quote.msg", "-s", "quote.sig", "-g",
            "sha256")
        #expect(quoted == nil)
    }
}

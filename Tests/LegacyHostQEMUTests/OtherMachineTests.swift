import Appraisal
import AttestClient
import Diagnostics
import Evidence
import EvidenceFormat
import Foundation
import MachineRunner
import OpenSSLCrypto
import RedTeam
import Reference
import StrictJSON
import Testing

/// Evidence of real machines that must not be believed: another boot, another TPM, another ROM, a debug image. Each is
/// refused by exactly the checks that it fails.
@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"), .serialized, RecordedMachines(),
    .timeLimit(.minutes(10)))
struct OtherMachineQEMUTests {
    let folder: URL

    init() throws { folder = try #require(RecordedMachines.folder) }

    /// Checks that failed with their error numbers, the last line, and the exit status.
    private func verify(
        _ evidence: String, enrollment: String = "first", reference: String = "first",
        image: String = "signer",
        nonce: String = RecordedMachines.nonce
    ) throws -> (failed: Set<String>, lastLine: Substring?, status: Int32) {
        let images = ["debug": "tests/debug.image", "signer": "workloads/signer.image"]
        let result = try Tool(
            "sice-attest",
            [
                "verify", "--evidence", "\(evidence).json", "--enrollment", "\(enrollment).enrollment.json",
                "--reference", "\(reference).reference.json", "--image",
                BootedMachine.product(images[image]!), "--nonce", nonce, "--policy", "stand-in",
            ], in: folder)
        let failures = result.lines.filter { $0.hasPrefix("FAIL") }.map {
            $0.dropFirst(4).split(separator: " ").prefix(2).joined(separator: " ")
        }
        return (Set(failures), result.lines.last, result.status)
    }

    private func expectRefusal(
        _ verdict: (failed: Set<String>, lastLine: Substring?, status: Int32), _ checks: Set<String>
    ) {
        #expect(verdict.failed == checks)
        #expect(verdict.lastLine == "verdict: refused")
        #expect(verdict.status == 1)
    }

    /// A bundle with some parts of another one, as a file.
    private func mix(_ base: String, with other: String, _ parts: [String]) throws -> String {
        let documents = try [base, other].map { name in
            try #require(
                JSONSerialization.jsonObject(with: Data(contentsOf: folder.appending(path: "\(name).json")))
                    as? [String: Any])
        }
        let mixed = documents[0].merging(documents[1].filter { parts.contains($0.key) }) { $1 }
        let name = "mixed-\(UUID().uuidString)"
        try JSONSerialization.data(withJSONObject: mixed).write(to: folder.appending(path: "\(name).json"))
        return name
    }

    @Test(arguments: ["first", "again"])
    func affirm_eachBootOfTheEnrolledMachine(_ boot: String) throws {
        let verdict = try verify(boot)
        #expect(verdict.failed == [])
        #expect(verdict.lastLine == "verdict: affirmed")
        #expect(verdict.status == 0)
    }

    @Test func affirm_otherMachineAsItself() throws {
        #expect(try verify("other", enrollment: "other", reference: "other").status == 0)
    }

    @Test func refuse_wrongNonce() throws {
        let nonce = String(repeating: "0", count: 64)
        expectRefusal(try verify("first", nonce: nonce), ["nonce SICE-E0810:", "quote-binding SICE-E0815:"])
    }

    /// Old evidence under the new challenge's number: neither report nor quote know it.
    @Test func refuse_replayUnderANewNonce() throws {
        let nonce = String(repeating: "0", count: 64)
        let file = folder.appending(path: "first.json")
        let text = try String(contentsOf: file, encoding: .utf8)
            .replacingOccurrences(of: RecordedMachines.nonce, with: nonce)
        try text.write(to: folder.appending(path: "replayed.json"), atomically: true, encoding: .utf8)
        expectRefusal(
            try verify("replayed", nonce: nonce), ["nonce SICE-E0810:", "quote-binding SICE-E0815:"])
    }

    /// The TPM is the same and so are the nonce and all code, but the report key was made on another boot.
    @Test func refuse_reportOfAnotherBoot() throws {
        let mixed = try mix(
            "again", with: "first", ["report", "report_key", "runtime_log", "runtime_log_base"])
        expectRefusal(
            try verify(mixed),
            ["quote-binding SICE-E0815:", "report-key SICE-E0812:", "reference-values SICE-E0818:"])
    }

    @Test func refuse_eventLogOfAnotherBoot() throws {
        let mixed = try mix("again", with: "first", ["event_log"])
        expectRefusal(
            try verify(mixed),
            ["log-replay SICE-E0817:", "report-key SICE-E0812:", "reference-values SICE-E0818:"])
    }

    @Test func refuse_quoteOfAnotherTPM() throws {
        let mixed = try mix("first", with: "other", ["quote", "quote_signature", "attestation_key"])
        expectRefusal(
            try verify(mixed),
            [
                "attestation-key SICE-E0814:", "quote-signature SICE-E0813:", "quote-binding SICE-E0815:",
                "pcr-digest SICE-E0816:",
            ])
    }

    @Test func refuse_anotherMachine() throws {
        expectRefusal(
            try verify("other", reference: "other"),
            ["attestation-key SICE-E0814:", "quote-signature SICE-E0813:"])
    }

    /// The same programs with another SMRAM size: another configuration.
    @Test func refuse_otherConfiguration() throws {
        expectRefusal(try verify("other", enrollment: "other"), ["reference-values SICE-E0818:"])
    }

    @Test func refuse_debugImage() throws {
        expectRefusal(
            try verify("debug", enrollment: "other", reference: "other", image: "debug"),
            ["debug SICE-E0820:"])
    }

    @Test func refuse_otherImage() throws {
        expectRefusal(try verify("first", image: "debug"), ["measurement SICE-E0819:"])
    }

    @Test func refuse_otherManager() throws {
        // The reference of a ROM whose manager differs in one byte: this machine's is not the expected one.
        expectRefusal(
            try verify("first", reference: "manager"),
            ["reference-values SICE-E0818:", "manager-digest SICE-E0825:"])
    }

    /// Every attack that these recordings allow, in the words of `RedTeam`.
    @Test func hold_everyAttackOnEvidence() throws {
        func read(_ name: String) throws -> [UInt8] {
            try [UInt8](Data(contentsOf: folder.appending(path: name)))
        }
        func bundle(_ name: String) throws -> EvidenceBundle {
            try EvidenceBundle(read("\(name).json"), path: name)
        }
        let image = try InputFile.read(BootedMachine.product("workloads/signer.image"))
        var scene = EvidenceScene(
            honest: try bundle("first"),
            expectations: Expectations(
                nonce: try Challenge(hex: RecordedMachines.nonce).nonce,
                enrollment: try Enrollment(read("first.enrollment.json"), path: "enrollment"),
                reference: try ReferenceValues(read("first.reference.json"), path: "reference"),
                measurements: [SHA256.hash(image)], policy: .standIn))
        scene.otherBoot = try bundle("again")
        scene.otherMachine = try bundle("other")
        scene.debugImage = try bundle("debug")
        let results = try EvidenceRedTeam.run(scene)
        #expect(results.filter { $0.outcome == .broken }.map(\.attack.number) == [])
        let untried = Set(results.filter { $0.outcome == .notProvided }.map(\.detail))
        #expect(
            untried.isSubset(of: [
                "nobody is root of the machine", "no evidence of an earlier challenge",
                "no enrollment of a machine", "both boots left the same run-time log",
            ]))
    }

    @Test func reject_evidenceThatIsCutShort() throws {
        let data = try Data(contentsOf: folder.appending(path: "first.json"))
        try data.dropLast(data.count / 2).write(to: folder.appending(path: "cut.json"))
        let verdict = try verify("cut")
        #expect(verdict.failed == [])
        #expect(verdict.lastLine == "verdict: could not appraise")
        #expect(verdict.status == 65)
    }
}

import Appraisal
import Diagnostics
import Evidence
import EvidenceFormat
import Foundation
import RedTeam
import Reference
import ReportFormat
import SICEABI
import StrictJSON
import Testing

/// Evidence of a whole machine: stand-in ROM, payload, manager and Linux in QEMU, recorded by `tools/demo --out`.
@Suite struct RecordedTests {
    private func read(_ name: String) throws -> [UInt8] {
        let url = try #require(
            Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Recorded"))
        return [UInt8](try Data(contentsOf: url))
    }

    private func expectations(_ policy: Policy) throws -> Expectations {
        Expectations(
            nonce: try Challenge(read("challenge.json"), path: "challenge").nonce,
            enrollment: try Enrollment(read("enrollment.json"), path: "enrollment"),
            reference: try ReferenceValues(read("reference.json"), path: "reference"), policy: policy)
    }

    @Test func affirm_underATolerantPolicyOnly() throws {
        let bundle = try EvidenceBundle(read("evidence.json"), path: "evidence")
        let verdict = try appraise(bundle, expectations(.standIn))
        #expect(verdict.checks.filter { $0.status != .pass } == [])
        #expect(verdict.outcome == .affirmed)
        #expect(try failures(appraise(bundle, expectations(.standard))) == [.postureRefused])
    }

    /// A bundle, an enrollment, a report and a run-time log of a machine are written again to the same bytes.
    @Test func formats_areWrittenAgainToTheSameBytes() throws {
        let bundle = try EvidenceBundle(read("evidence.json"), path: "evidence")
        #expect(try Array(bundle.json.text.utf8) == read("evidence.json"))
        let enrollment = try Enrollment(read("enrollment.json"), path: "enrollment")
        #expect(try Array(enrollment.json.text.utf8) == read("enrollment.json"))
        let report = try ReportEnvelope(bundle.report)
        #expect(try report.bytes == bundle.report)
        #expect(try ReportClaims(payload: report.payload).payload == report.payload)
        let evidence = try UnverifiedEvidence(bundle)
        #expect(evidence.runtimeLog.entries.flatMap(\.bytes) == bundle.runtimeLog)
        #expect(try evidence.bootLog.bytes == bundle.eventLog)
    }

    /// The attacks that need nothing but one machine's evidence.
    @Test func hold_attacksOnRecordedEvidence() throws {
        let bundle = try EvidenceBundle(read("evidence.json"), path: "evidence")
        let scene = EvidenceScene(honest: bundle, expectations: try expectations(.standIn))
        let results = try EvidenceRedTeam.run(scene)
        #expect(results.filter { $0.outcome == .broken }.map(\.attack.number) == [])
        #expect(results.filter { $0.outcome == .held }.count > 20)
    }

    /// A sample of the flips that `BitFlipTests` makes of a forged bundle, over a real one.
    @Test func flip_isNeverAffirmed() throws {
        let text = try read("evidence.json")
        let expectations = try expectations(.standIn)
        for bit in stride(from: 0, to: text.count * 8, by: 13) {
            var changed = text
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            do throws(ToolError) {
                let verdict = try appraise(EvidenceBundle(changed, path: "evidence"), expectations)
                #expect(verdict.outcome != .affirmed, "bit \(bit)")
            } catch { continue }
        }
    }
}

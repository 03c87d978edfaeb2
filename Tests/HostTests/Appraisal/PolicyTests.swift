import Evidence
import EvidenceForge
import ReportFormat
import SICEABI
import StrictJSON
import Testing

@testable import Appraisal

/// Each policy's answer as a value, and the words that are made of it: programs read them, so they are a format.
@Suite struct PolicyTests {
    private func findings<P: AppraisalPolicy>(_ policy: P.Type, _ forge: Forge) throws -> [P.Answer] {
        try P.findings(UnverifiedEvidence(forge.bundle()), forge.expectations)
    }

    private func words(_ finding: some Finding) -> [String] {
        let words = finding.words
        return [words.expected, words.expectedSource, words.found, words.foundSource]
    }

    @Test func referenceValues_nameTheFirstDifference() throws {
        let honest = Forge()
        var forge = honest
        forge.events[3].type = 3
        let evidence = try UnverifiedEvidence(forge.bundle())
        let answer = ReferenceValuesPolicy.findings(evidence, honest.expectations)
        #expect(
            answer == [
                .differs(
                    index: 4, name: "sice/manager", expected: .event(honest.events[3]),
                    found: .event(forge.events[3]))
            ])
        let hex = Hex.encode(honest.events[3].digest)
        #expect(
            words(answer[0]) == [
                "PCR 4 type 1 data 736963652f6d616e61676572 digest \(hex)",
                "reference: entry 4 (sice/manager)",
                "PCR 4 type 3 data 736963652f6d616e61676572 digest \(hex)", "event log: entry 4",
            ])
    }

    @Test func referenceValues_endWithTheLog() throws {
        let honest = Forge()
        var (longer, shorter) = (honest, honest)
        longer.events.append(honest.event(4, 1, "more"))
        shorter.events.removeLast()
        let found = try [longer, shorter].map {
            ReferenceValuesPolicy.findings(try UnverifiedEvidence($0.bundle()), honest.expectations)
        }
        #expect(found[0] == [.differs(index: 8, name: nil, expected: .end, found: .event(longer.events[7]))])
        #expect(
            found[1] == [
                .differs(index: 7, name: "sice/next", expected: .event(honest.events[6]), found: .end)
            ])
        #expect(try findings(ReferenceValuesPolicy.self, honest) == [.same(events: 7)])
    }

    @Test func posture_namesWhatIsMissing() throws {
        var forge = Forge()
        forge.claims.posture[.smramLocked] = .absent
        forge.claims.posture[.bareMetal] = nil
        let answer = try findings(PosturePolicy.self, forge)
        #expect(
            answer.map(\.missing) == [
                [.init(claim: .smramLocked, value: .absent), .init(claim: .bareMetal, value: nil)]
            ])
        #expect(
            words(answer[0]) == [
                "19 protections present", "policy default", "smramLocked absent, bareMetal not reported",
                "report: posture",
            ])
    }

    /// A key that nobody vouched for, and one that two events claim to be.
    @Test func reportKey_isVouchedForExactlyOnce() throws {
        var forge = Forge()
        forge.events.append(forge.events[5])
        let twice = try findings(ReportKeyPolicy.self, forge)
        #expect(twice.map(\.vouched.count) == [2] && twice.map(\.status) == [.fail])
        forge.events.removeAll { $0.pcr == 5 }
        #expect(try findings(ReportKeyPolicy.self, forge).map(\.vouched) == [[]])
    }

    @Test func state_andDebug() throws {
        var forge = Forge()
        forge.claims.state = .dead
        forge.claims.isDebug = true
        let state = try findings(StatePolicy.self, forge)
        #expect(state.map(\.status) == [.fail])
        #expect(words(state[0]) == ["runnable or running", "policy default", "dead", "report: state"])
        let debug = try findings(DebugPolicy.self, forge)
        #expect(debug.map(\.status) == [.fail])
        #expect(
            words(debug[0]) == ["release image", "policy default", "debug image", "report: debug status"])
    }

    @Test func runtimeLog_comparesBoundsHeadAndBase() throws {
        var forge = Forge()
        let zeros = RuntimeLogChain.start
        let bounds = RuntimeLogPolicy.Bounds(start: 0, end: 3)
        #expect(
            try findings(RuntimeLogPolicy.self, forge) == [
                .bounds(Comparison(expected: bounds, found: bounds)),
                .head(Comparison(expected: forge.claims.logHead, found: forge.claims.logHead)),
                .base(Comparison(expected: zeros, found: zeros)),
            ])
        forge.fillRuntimeLog(count: 130)
        let answer = try findings(RuntimeLogPolicy.self, forge)
        #expect(answer.count == 2)
        #expect(
            words(answer[0]) == [
                "entries 2 to 130", "report: log count", "entries 2 to 130", "bundle: runtime_log",
            ])
    }

    /// A policy that nobody asks would be a check that is always skipped.
    @Test func everyQuestion_isAsked() throws {
        var forge = Forge()
        forge.claims.workloadData = [UInt8](repeating: 0, count: 64)
        var expectations = forge.expectations
        expectations.workloadKey = [1]
        let verdict = try Appraiser(UnverifiedEvidence(forge.bundle()), expectations).verdict()
        #expect(verdict.checks.map(\.identifier) == Check.Identifier.allCases)
        #expect(verdict.checks.filter { $0.status != .pass }.map(\.identifier) == [.workloadData])
    }
}

import Appraisal
import Evidence
import EvidenceForge
import EvidenceFormat
import RedTeam
import Reference
import ReportFormat
import SICEABI
import StrictJSON
import Testing

@Suite struct VerifyCommandTests {
    private func prepare(
        _ workplace: Workplace, _ forge: Forge = Forge(), _ change: (inout EvidenceBundle) -> Void = { _ in }
    ) throws {
        try EvidenceFiles.prepare(workplace, forge, change)
    }

    private let complete = EvidenceFiles.verify

    @Test func affirmed_exits0AndSaysSoLast() throws {
        let workplace = try Workplace()
        try prepare(workplace)
        let result = try workplace.attest(complete)
        #expect(result.status == 0)
        #expect(result.lastLine == "verdict: affirmed")
        #expect(result.output.split(separator: "\n").filter { $0.hasPrefix("pass ") }.count == 16)
        #expect(result.errors.isEmpty)
    }

    @Test func refused_exits1AndShowsExpectedFoundAndRemedy() throws {
        let workplace = try Workplace()
        try prepare(workplace)
        let other = String(repeating: "ab", count: 32)
        let result = try workplace.attest(complete + ["--measurement", other])
        #expect(result.status == 1)
        #expect(result.lastLine == "verdict: refused")
        #expect(result.output.contains("FAIL     measurement       SICE-E0819"))
        #expect(result.output.contains("expected  \(other)"))
        #expect(result.output.contains("sice-attest measure"))
    }

    @Test func skipped_exits2() throws {
        let workplace = try Workplace()
        try prepare(workplace)
        let result = try workplace.attest(complete.dropLast(2).map { $0 })
        #expect(result.status == 2)
        #expect(result.lastLine == "verdict: could not appraise")
        #expect(result.output.contains("skipped  nonce"))
        #expect(result.output.contains("--challenge"))
    }

    @Test func malformed_exits65() throws {
        let workplace = try Workplace()
        try prepare(workplace) { $0.report.removeLast() }
        let result = try workplace.attest(complete)
        #expect(result.status == 65)
        #expect(result.lastLine == "verdict: could not appraise")
        #expect(result.errors.contains("SICE-E0802"))
    }

    @Test func missingFile_exits66() throws {
        let result = try Workplace().attest(complete)
        #expect(result.status == 66)
        #expect(result.errors.contains("SICE-E0901"))
    }

    @Test func json_hasSchemaVerdictAndEveryCheck() throws {
        let workplace = try Workplace()
        try prepare(workplace)
        let result = try workplace.attest(complete + ["--format", "json"])
        var fields = try JSONFields(
            document: Array(result.output.utf8), schema: "sice.verdict/1", context: "output",
            errors: .init(.internalFailure))
        let (verdict, checks) = (try fields.string("verdict"), try fields.array("checks"))
        #expect(verdict == "affirmed")
        #expect(checks.count == 16)
        var claims = try JSONFields(
            try fields.value("claims"), context: "claims", errors: .init(.internalFailure))
        #expect(try claims.string("mode") == "time-sharing" && claims.string("state") == "runnable")
        try prepare(workplace) { $0.quote = [] }
        let malformed = try workplace.attest(complete + ["--format", "json"])
        #expect(malformed.output.contains("\"error\": \"SICE-E0802\""))
    }

    @Test func missingLogEntries_areSaid() throws {
        let workplace = try Workplace()
        var forge = Forge()
        forge.fillRuntimeLog(count: 200)
        try prepare(workplace, forge)
        let text = try workplace.attest(complete)
        #expect(text.status == 0)
        #expect(
            text.output.contains("the run-time log is whole from entry 72 on; those before it are not kept"))
        let json = try workplace.attest(complete + ["--format", "json"])
        #expect(json.output.contains("\"runtime_log_entries\": 200"))
        #expect(json.output.contains("\"runtime_log_missing\": 72"))
    }

    @Test func policies_areNamedAndListWhatTheyTolerate() throws {
        let workplace = try Workplace()
        try prepare(workplace)
        let standIn = try workplace.attest(complete + ["--policy", "stand-in"])
        #expect(standIn.output.contains("policy: stand-in"))
        #expect(standIn.output.contains("tolerates the absence of: amdTSegMask, amdSMMLock, initRedirected"))
        #expect(try workplace.attest(complete + ["--policy", "none.json"]).status == 66)
        try workplace.write("{}".utf8, to: "policy.json")
        let unreadable = try workplace.attest(complete + ["--policy", "policy.json"])
        #expect(unreadable.status == 65)
        #expect(unreadable.errors.contains("SICE-E0834"))
    }

    @Test func workloadKey_mustBeTheOneInTheReport() throws {
        let workplace = try Workplace()
        try prepare(workplace)
        // The forge puts the hash of "workload key" into the report, which is the hash of no point.
        try workplace.write(SoftwareKey().point, to: "key")
        let result = try workplace.attest(complete + ["--workload-key", "key"])
        #expect(result.status == 1)
        #expect(result.output.contains("FAIL     workload-data     SICE-E0826"))
        try workplace.write([1, 2, 3], to: "key")
        #expect(try workplace.attest(complete + ["--workload-key", "key"]).errors.contains("SICE-E0103"))
    }

    @Test func wrongUse_exits64() throws {
        let workplace = try Workplace()
        try prepare(workplace)
        #expect(try workplace.attest("verify").status == 64)
        #expect(try workplace.attest(complete + ["--nonce", "00"]).status == 64)
        #expect(try workplace.attest(complete + ["--measurement", "00"]).status == 64)
        #expect(try workplace.attest(complete + ["--format", "xml"]).status == 64)
    }
}

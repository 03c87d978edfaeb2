import Appraisal
import Diagnostics
import Evidence
import EvidenceForge
import EvidenceFormat
import RedTeam
import ReportFormat
import SICEABI
import StrictJSON
import Testing

@testable import VerdictPage

/// What people find on the page.
@Suite struct PageContentTests {
    @Test(arguments: PageSample.Kind.allCases) func verdict_isTitleAndFirstHeading(
        _ kind: PageSample.Kind
    ) throws {
        let page = try PageSample(kind)
        let words =
            switch kind {
            case .affirmed: "Verdict: ✓ affirmed"
            case .refused: "Verdict: ✗ REFUSED"
            case .open: "Verdict: – could not appraise"
            }
        #expect(page.root.elements("title").first?.text == words)
        #expect(page.root.elements("h1").map(\.text) == [words])
    }

    /// Whatever its answer; a failure has its row of the table of errors, both values and what to do.
    @Test(arguments: PageSample.Kind.allCases) func everyCheck_isThereWithItsMeaning(
        _ kind: PageSample.Kind
    ) throws {
        let page = try PageSample(kind)
        #expect(page.verdict.checks.count == 16)
        for check in page.verdict.checks {
            let row = try page.text("check-\(check.identifier.rawValue)")
            #expect(row.contains(check.identifier.rawValue) && row.contains(check.identifier.meaning))
            #expect(row.contains(check.status.words) && row.contains(check.remedy))
            if check.status == .fail {
                #expect(row.contains("\(check.identifier.code.description.summary)"))
                #expect(row.contains(check.expected) && row.contains(check.found))
            }
        }
        #expect(Set(Check.Identifier.allCases.map(\.meaning)).count == Check.Identifier.allCases.count)
    }

    @Test func workloadKey_isACheckLikeTheOthers() throws {
        let forge = Forge()
        var expectations = forge.expectations
        expectations.workloadKey = forge.reportKey.point
        let row = try PageSample(forge.bundle(), expectations).text("check-workload-data")
        #expect(row.contains(Check.Identifier.workloadData.meaning) && row.contains("SICE-E0826"))
    }

    /// What the report says, what the policy says, what it is, and what its absence costs.
    @Test(arguments: PostureClaim.all) func everyProtection_isThereWithItsCost(_ claim: PostureClaim) throws {
        for value in [PostureValue.present, .unknown, .absent, nil] {
            var forge = Forge()
            forge.claims.posture[claim] = value
            let row = try PageSample(forge).text("protection-\(claim.name)")
            #expect(row.contains(claim.meaning) && row.contains(claim.costOfAbsence))
            let isAccepted = Policy.standard.accepts(claim, value)
            let words =
                value == .present
                ? "✓ present" : "\(value?.name ?? "not reported"), \(isAccepted ? "tolerated" : "REFUSED")"
            #expect(row.contains(words))
            let isRequired = Policy.standard.required.contains(claim)
            #expect(row.contains("required") == isRequired)
        }
    }

    @Test func protections_areToldApart() {
        #expect(Set(PostureClaim.all.map(\.meaning)).count == PostureClaim.count)
        #expect(PostureClaim.all.allSatisfy { $0.costOfAbsence.count > 20 })
    }

    /// What an affirmed machine lacks stands beside the verdict.
    @Test func toleratedAbsence_isSaidAtTheTop() throws {
        var forge = Forge()
        forge.claims.posture[.memoryClearedAtReset] = .unknown
        let page = try PageSample(forge)
        let top = try #require(page.root.elements("header").first)
        #expect(page.verdict.outcome == .affirmed)
        #expect(top.text.contains("smrr, memoryClearedAtReset"))
        #expect(!top.text.contains("smramLocked"))
    }

    /// Each event and each comparison, with its value and where what is expected is from.
    @Test(arguments: PageSample.Kind.allCases) func everyComparison_isInTheChain(
        _ kind: PageSample.Kind
    ) throws {
        let page = try PageSample(kind)
        let chain = try #require(page.root.elements("ol").first)
        let isSkipped = kind == .open
        for (index, event) in Forge().events.enumerated() {
            let item = chain.children[index].text
            #expect(item.contains(String(decoding: event.data, as: UTF8.self)))
            let isReportKey = index == 5 && !isSkipped
            #expect(item.contains(isReportKey ? "hash of the evidence's report key" : "reference values"))
            #expect(item.contains("not checked") == isSkipped)
        }
        for answer in page.verdict.answers where answer.status != .skipped {
            let texts = [answer.expected, answer.expectedSource, answer.found, answer.foundSource]
            #expect(texts.allSatisfy(chain.text.contains), "\(answer.identifier)")
        }
        for check in page.verdict.checks {
            #expect(chain.text.contains("\(check.identifier.rawValue) "))
        }
    }

    @Test func changedEvent_isSeenWhereItIs() throws {
        let forge = Forge()
        var other = forge
        other.events[3].digest[0] ^= 1
        let page = try PageSample(other.bundle(), forge.expectations)
        let items = try #require(page.root.elements("ol").first).children
        #expect(items.enumerated().filter { $1.text.contains("FAILED") }.map(\.offset).first == 3)
        #expect(items[3].text.contains(Hex.encode(forge.events[3].digest)))
        #expect(items[3].text.contains(Hex.encode(other.events[3].digest)))
    }

    @Test func sameEvidence_givesTheSameBytes() throws {
        let forge = Forge()
        let bundle = forge.bundle()
        let one = try PageSample(bundle, forge.expectations)
        #expect(try PageSample(bundle, forge.expectations).bytes == one.bytes)
    }
}

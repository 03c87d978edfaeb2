import Installation
import SICEABI
import Testing

/// What the payload passes on of its experiments.
@Suite struct PlatformFindingsTests {
    @Test func nothingTriedIsUnknown() {
        for number in 0..<UInt8(PostureClaim.count) {
            #expect(PostureClaim(rawValue: number).map { PlatformFindings()[$0] } == .unknown)
        }
    }

    @Test func absenceWinsInEitherOrder() {
        for values in [
            [PostureValue.absent, .present], [.present, .absent], [.absent, .unknown, .present],
        ] {
            var findings = PlatformFindings()
            for value in values { findings.record(.initRedirected, value) }
            #expect(findings[.initRedirected] == .absent)
        }
    }

    @Test func unknownIsNoResult() {
        var findings = PlatformFindings()
        findings.record(.smmEntryFlushesTranslations, .unknown)
        #expect(findings == PlatformFindings())
        findings.record(.smmEntryFlushesTranslations, .present)
        findings.record(.smmEntryFlushesTranslations, .unknown)
        #expect(findings[.smmEntryFlushesTranslations] == .present)
    }

    @Test(arguments: [PostureClaim.fpuRestoreIsCoreLocal, .memoryClearedAtReset])
    func whatCannotBeShownIsNeverPresent(_ claim: PostureClaim) {
        var findings = PlatformFindings()
        findings.record(claim, .present)
        #expect(findings[claim] == .unknown)
        findings.record(claim, .absent)
        findings.record(claim, .present)
        #expect(findings[claim] == .absent)
    }

    @Test(arguments: [PostureClaim.smramLocked, .measuredBoot, .bareMetal])
    func claimsOfOthersAreNotRecorded(_ claim: PostureClaim) {
        var findings = PlatformFindings()
        findings.record(claim, .present)
        #expect(findings == PlatformFindings())
    }
}

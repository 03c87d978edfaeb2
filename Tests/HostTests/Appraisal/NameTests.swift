import Appraisal
import ReportFormat
import SICEABI
import Testing

/// Names in policies, verdicts and lists are a format: what a file of yesterday says must mean the same tomorrow.
@Suite struct NameTests {
    private static let claims = [
        "tsegEnabled", "smramLocked", "smramClosed", "defaultSMBASEHidden", "apicWindowClear", "amdTSegMask",
        "amdSMMLock", "initRedirected", "smrr", "smmEntryLeavesGuestMode", "measuredBoot",
        "platformHierarchyClosed", "noInsecureOption", "corebootFirmware", "bareMetal",
        "smmEntryFlushesTranslations", "smmEntryDisablesBreakpoints", "smmExitFlushesTranslations",
        "fpuRestoreIsCoreLocal", "firstStageProtected", "memoryClearedAtReset", "requestNamesPort",
    ]

    @Test func names_areThoseOfTheFormat() {
        #expect(PostureClaim.all.map(\.name) == Self.claims)
        #expect(
            (0...6).map { LifecycleState(rawValue: $0)?.name } == [
                "absent", "loading", "sealed", "runnable", "running", "dead", "scrubbing",
            ])
        #expect((0...2).map { PostureValue(rawValue: $0)?.name } == ["absent", "present", "unknown"])
        #expect(
            [ExecutionMode.timeSharing, .multiCore].map { "\($0.name)" } == ["time-sharing", "multi-core"])
    }
}

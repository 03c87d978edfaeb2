import Appraisal
import Diagnostics
import Evidence
import EvidenceForge
import EvidenceFormat
import OpenSSLCrypto
import RedTeam
import Reference
import ReportFormat
import SICEABI
import StrictJSON
import Testing

/// Parses and appraises, as `verify` does. An error of parsing is the result's code.
func appraise(_ bundle: EvidenceBundle, _ expectations: Expectations) throws(ToolError) -> Verdict {
    try Appraiser(UnverifiedEvidence(bundle), expectations).verdict()
}

/// Rows of the error table that the failed checks name.
func failures(_ verdict: Verdict) -> [ErrorCode] {
    verdict.checks.filter { $0.status == .fail }.map(\.identifier.code)
}

@Suite struct AffirmTests {
    @Test func affirm_completeEvidence() throws {
        let forge = Forge()
        let verdict = try appraise(forge.bundle(), forge.expectations)
        #expect(failures(verdict) == [])
        #expect(verdict.outcome == .affirmed)
        #expect(verdict.checks.map(\.identifier) == Check.Identifier.allCases.filter { $0 != .workloadData })
        #expect(verdict.outcome.exitStatus == 0)
    }

    @Test func affirm_afterJSON() throws {
        let forge = Forge()
        let text = Array(forge.bundle().json.text.utf8)
        #expect(try appraise(EvidenceBundle(text, path: "e"), forge.expectations).outcome == .affirmed)
    }

    @Test(arguments: [1, 128, 129, 1128]) func affirm_logOfAnyLengthAndSayWhatIsMissing(_ count: Int) throws {
        var forge = Forge()
        forge.fillRuntimeLog(count: count)
        let verdict = try appraise(forge.bundle(), forge.expectations)
        #expect(verdict.outcome == .affirmed)
        let check = try #require(verdict.checks.first { $0.identifier == .runtimeLog })
        let missing = max(0, count - 128)
        #expect(
            check.statement
                == (missing == 0
                    ? "the run-time log is complete and unchanged"
                    : "the run-time log is whole from entry \(missing) on; those before it are not kept"))
    }

    @Test func workloadKey_isCheckedWhenAsked() throws {
        var forge = Forge()
        let key = forge.reportKey.point
        forge.claims.workloadData = SHA256.hash(key) + [UInt8](repeating: 0, count: 32)
        var expectations = forge.expectations
        expectations.workloadKey = key
        let verdict = try appraise(forge.bundle(), expectations)
        #expect(verdict.outcome == .affirmed)
        #expect(verdict.checks.map(\.identifier) == Check.Identifier.allCases)
        for index in [0, 63] {
            var other = forge
            other.claims.workloadData[index] ^= 1
            #expect(failures(try appraise(other.bundle(), expectations)) == [.workloadDataMismatch])
        }
    }

    @Test func affirm_debugImageOnlyWhenAllowed() throws {
        var forge = Forge()
        forge.claims.isDebug = true
        var expectations = forge.expectations
        #expect(failures(try appraise(forge.bundle(), expectations)) == [.debugImage])
        expectations.policy.allowsDebug = true
        #expect(try appraise(forge.bundle(), expectations).outcome == .affirmed)
    }

    @Test func standInPolicy_toleratesExactlyWhatItLists() throws {
        for claim in PostureClaim.all {
            var forge = Forge()
            for value in [PostureValue.absent, .unknown] {
                forge.claims.posture[claim] = value
                var expectations = forge.expectations
                expectations.policy = .standIn
                let verdict = try appraise(forge.bundle(), expectations)
                let isTolerated = Policy.standIn.tolerated.contains(claim)
                #expect(verdict.outcome == (isTolerated ? .affirmed : .refused))
                #expect(failures(verdict) == (isTolerated ? [] : [.postureRefused]))
            }
        }
        #expect(Policy.standIn.tolerated.contains(.corebootFirmware))
        #expect(!Policy.standIn.tolerated.contains(.smramLocked))
        #expect(
            Policy.standIn.tolerated == [
                .amdTSegMask, .amdSMMLock, .initRedirected, .smrr, .smmEntryLeavesGuestMode,
                .corebootFirmware, .bareMetal, .smmEntryFlushesTranslations, .smmExitFlushesTranslations,
                .fpuRestoreIsCoreLocal, .firstStageProtected, .memoryClearedAtReset,
                .requestNamesPort,
            ])
        #expect(Policy.standard.tolerated == [.smrr, .memoryClearedAtReset])
    }

    /// A protection that cannot be shown is never demanded, and one seen to be missing is not let through.
    @Test(arguments: PostureClaim.all) func defaultPolicy_acceptsUnknownOnlyWhereItIsHonest(
        _ claim: PostureClaim
    ) throws {
        let accepted: [PostureValue?]
        switch claim {
        case .smrr, .memoryClearedAtReset: accepted = [.present, .unknown, .absent, nil]
        case .fpuRestoreIsCoreLocal: accepted = [.present, .unknown]
        default: accepted = [.present]
        }
        for value in [PostureValue.present, .unknown, .absent, nil] {
            var forge = Forge()
            forge.claims.posture[claim] = value
            var expectations = forge.expectations
            expectations.policy = .standard
            let verdict = try appraise(forge.bundle(), expectations)
            #expect(failures(verdict) == (accepted.contains(value) ? [] : [.postureRefused]))
        }
    }

    @Test(arguments: [
        ("nonce", Check.Identifier.nonce), ("enrollment", .quoteSignature), ("reference", .referenceValues),
    ]) func skippedCheck_isNeverAffirmed(_ missing: String, _ identifier: Check.Identifier) throws {
        let forge = Forge()
        var expectations = forge.expectations
        expectations.measurements = [forge.claims.measurement]
        switch missing {
        case "nonce": expectations.nonce = nil
        case "enrollment": expectations.enrollment = nil
        default: expectations.reference = nil
        }
        let verdict = try appraise(forge.bundle(), expectations)
        #expect(failures(verdict) == [])
        #expect(verdict.outcome == .notAppraised)
        #expect(verdict.outcome.exitStatus == 2)
        #expect(verdict.checks.first { $0.identifier == identifier }?.status == .skipped)
    }

    @Test func unknownMeasurement_isSkipped() throws {
        let forge = Forge()
        var expectations = forge.expectations
        expectations.reference?.images = []
        #expect(try appraise(forge.bundle(), expectations).outcome == .notAppraised)
    }
}

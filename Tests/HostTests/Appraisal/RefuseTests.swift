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
import Testing

/// One test for each attack, with the exact rows of the error table.
@Suite struct RefuseTests {
    private func refused(
        _ bundle: EvidenceBundle, _ expectations: Expectations, _ codes: [ErrorCode],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let verdict = try appraise(bundle, expectations)
        #expect(verdict.outcome == .refused, sourceLocation: sourceLocation)
        #expect(failures(verdict) == codes, sourceLocation: sourceLocation)
    }

    @Test func refuse_wrongNonce() throws {
        let forge = Forge()
        var expectations = forge.expectations
        expectations.nonce?[31] ^= 1
        try refused(forge.bundle(), expectations, [.nonceMismatch, .quoteNotBound])
    }

    @Test func refuse_replayUnderNewNonce() throws {
        let forge = Forge()
        var bundle = forge.bundle()
        var expectations = forge.expectations
        expectations.nonce = [UInt8](repeating: 9, count: 32)
        bundle.nonce = [UInt8](repeating: 9, count: 32)  // the attacker answers with the new nonce
        try refused(bundle, expectations, [.nonceMismatch, .quoteNotBound])
    }

    @Test func refuse_oldReportInFreshQuote() throws {
        var forge = Forge()
        var old = forge
        old.nonce = [UInt8](repeating: 3, count: 32)
        old.claims.nonce = old.nonce
        var bundle = forge.bundle()
        forge.claims.nonce = old.nonce
        bundle.report = old.report()
        try refused(bundle, forge.expectations, [.nonceMismatch, .quoteNotBound])
    }

    @Test func refuse_reportOfAnotherBoot() throws {
        let forge = Forge()
        var other = forge
        other.reportKey = SoftwareKey()  // another boot has another report key
        var bundle = forge.bundle()
        bundle.report = other.report()
        bundle.reportKey = other.reportKey.point
        try refused(
            bundle, forge.expectations,
            [.quoteNotBound, .reportKeyNotVouched, .referenceMismatch])
    }

    @Test func refuse_reportKeyThatIsNotInTheLog() throws {
        var forge = Forge()
        forge.reportKey = SoftwareKey()  // freshly quoted, so the binding holds
        try refused(forge.bundle(), forge.expectations, [.reportKeyNotVouched, .referenceMismatch])
    }

    @Test func refuse_reportKeyExtendedLaterByTheHost() throws {
        let machine = Forge()
        var attack = machine
        attack.reportKey = SoftwareKey()
        var event = attack.event(5, 1, "sice/report-key")
        event.digest = SHA256.hash(attack.reportKey.point)
        attack.events.append(event)
        try refused(
            attack.bundle(), machine.expectations, [.reportKeyNotVouched, .referenceMismatch])
    }

    @Test func refuse_quoteOfAnotherTPM() throws {
        let forge = Forge()
        var other = forge
        other.attestationKey = SoftwareKey()
        try refused(
            other.bundle(), forge.expectations, [.quoteWrongKey, .quoteSignatureInvalid])
        // The enrolled key's area in the bundle does not help.
        var bundle = other.bundle()
        bundle.attestationKey = forge.attestationKeyArea
        try refused(bundle, forge.expectations, [.quoteSignatureInvalid])
    }

    @Test func refuse_strippedLog() throws {
        let forge = Forge()
        for index in forge.events.indices {
            var attack = forge
            attack.events.remove(at: index)
            var bundle = forge.bundle()
            bundle.eventLog = attack.eventLog
            let isReportKey = forge.reference.events[index].name == "sice/report-key"
            try refused(
                bundle, forge.expectations,
                [.logReplayMismatch] + (isReportKey ? [.reportKeyNotVouched] : []) + [.referenceMismatch])
        }
    }

    @Test func refuse_reorderedLog() throws {
        let forge = Forge()
        var attack = forge
        attack.events.swapAt(0, 1)
        var bundle = forge.bundle()
        bundle.eventLog = attack.eventLog
        try refused(bundle, forge.expectations, [.logReplayMismatch, .referenceMismatch])
        // Events of two PCRs: the replay cannot tell, the order of the reference values can.
        attack = forge
        attack.events.swapAt(3, 4)
        bundle.eventLog = attack.eventLog
        try refused(bundle, forge.expectations, [.referenceMismatch])
    }

    @Test func refuse_eventOfUnquotedPCR() throws {
        let forge = Forge()
        var attack = forge
        attack.events.append(forge.event(7, 1, "sice/next"))
        var bundle = forge.bundle()
        bundle.eventLog = attack.eventLog
        try refused(bundle, forge.expectations, [.logReplayMismatch, .referenceMismatch])
    }

    @Test func refuse_otherEventTypeNameOrHeader() throws {
        let forge = Forge()
        var (type, name, header) = (forge, forge, forge.bundle())
        type.events[3].type = 3  // EV_NO_ACTION: a careless replay would pass over it
        name.events[3].data[0] ^= 1
        header.eventLog[20] ^= 1
        try refused(type.bundle(), forge.expectations, [.referenceMismatch])
        try refused(name.bundle(), forge.expectations, [.referenceMismatch])
        try refused(header, forge.expectations, [.referenceMismatch])
    }

    @Test func refuse_otherManager() throws {
        let forge = Forge()
        var attack = forge
        attack.events[3].digest[0] ^= 1
        attack.claims.managerDigest[0] ^= 1
        try refused(attack.bundle(), forge.expectations, [.referenceMismatch, .managerMismatch])
    }

    @Test func refuse_otherImage() throws {
        let forge = Forge()
        var attack = forge
        attack.claims.measurement[5] ^= 0x10
        try refused(attack.bundle(), forge.expectations, [.measurementMismatch])
    }

    @Test func refuse_changedReport() throws {
        let forge = Forge()
        var bundle = forge.bundle()
        bundle.report[bundle.report.count - 1] ^= 1  // in the signature
        try refused(bundle, forge.expectations, [.reportSignatureInvalid, .quoteNotBound])
    }

    @Test func refuse_otherPCRValues() throws {
        let forge = Forge()
        var bundle = forge.bundle()
        bundle.pcrs[2][0] ^= 1
        try refused(bundle, forge.expectations, [.quotePCRMismatch, .logReplayMismatch])
    }

    @Test func refuse_quoteOfFewerPCRs() throws {
        var forge = Forge()
        forge.quoteSelection = [0b0001_0101, 0, 0]
        try refused(forge.bundle(), forge.expectations, [.quotePCRMismatch])
    }

    @Test func refuse_quoteThatNoTPMMade() throws {
        var forge = Forge()
        forge.quoteMagic = 0xFF54_4348
        try refused(forge.bundle(), forge.expectations, [.quoteMalformedMagic])
    }

    @Test(arguments: [LifecycleState.absent, .loading, .sealed, .dead, .scrubbing])
    func refuse_state(_ state: LifecycleState) throws {
        var forge = Forge()
        forge.claims.state = state
        try refused(forge.bundle(), forge.expectations, [.stateRefused])
    }

    @Test func refuse_postureThatIsNotReported() throws {
        var forge = Forge()
        forge.claims.posture[.smramLocked] = nil
        try refused(forge.bundle(), forge.expectations, [.postureRefused])
    }

    @Test func refuse_runtimeLogCutChangedOrExtended() throws {
        let forge = Forge()
        var (cut, head, changed, longer) = (forge.bundle(), forge.bundle(), forge.bundle(), forge.bundle())
        cut.runtimeLog.removeLast(64)
        head.runtimeLog.removeFirst(64)
        changed.runtimeLog[64 + 40] ^= 1
        longer.runtimeLog += RuntimeLogEntry(sequence: 3, event: .crashed).bytes
        for bundle in [cut, head, changed, longer] {
            try refused(bundle, forge.expectations, [.runtimeLogMismatch])
        }
    }

    /// Whoever cuts a log at its start knows the chain value before what is left.
    @Test(arguments: [3, 128, 129, 200]) func refuse_runtimeLogCutAtItsStart(_ count: Int) throws {
        var forge = Forge()
        forge.fillRuntimeLog(count: count)
        let whole = forge.bundle()
        #expect(try appraise(whole, forge.expectations).outcome == .affirmed)
        for cut in 1...min(count, 128) {
            var bundle = whole
            let left = bundle.runtimeLog.count - 64 * cut
            bundle.runtimeLogBase = stride(from: 0, to: 64 * cut, by: 64).reduce(whole.runtimeLogBase) {
                SHA256.hash($0 + whole.runtimeLog[$1..<($1 + 64)])
            }
            bundle.runtimeLog = whole.runtimeLog.suffix(left)
            try refused(bundle, forge.expectations, [.runtimeLogMismatch])
        }
    }

    /// More than the manager keeps: a log that somebody else kept is not asked for, and not taken either.
    @Test func refuse_runtimeLogOfMoreThanIsKept() throws {
        var forge = Forge()
        forge.runtimeEntries = (0..<129).map { RuntimeLogEntry(sequence: $0, event: .exited) }
        forge.closeRuntimeLog()
        try refused(forge.bundle(), forge.expectations, [.runtimeLogMismatch])
    }
}

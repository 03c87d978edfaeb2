internal import CPayload
internal import CorebootFormats
internal import Installation
internal import SICEABI

/// What the platform lacks, found out by trying it (SPECIFICATION §6): before anything untrusted runs, and before SMRAM
/// holds anything.
extension Boot {
    /// What the boot core can try alone, while the others wait for their start. SMRAM is not clear afterwards.
    func tryPlatform(_ findings: inout PlatformFindings) {
        ExperimentMemory.prepare()
        let translations = RealModeExperiments.translations(in: smram)
        findings.record(.smmEntryFlushesTranslations, translations.entryFlushes)
        findings.record(.smmExitFlushesTranslations, translations.exitFlushes)
        findings.record(.smmEntryDisablesBreakpoints, RealModeExperiments.breakpoints())
        findings.record(.smmEntryLeavesGuestMode, GuestExperiments.guestMode())
        findings.record(.firstStageProtected, FirstStage.protection(ramEnd: smram.range.end))
    }

    /// What needs another core. Throws `bootCoreLost` when that does not come back.
    func tryPlatform(with cores: Cores, _ findings: inout PlatformFindings) throws(ErrorCode) {
        guard cores.count > 1 else { return }
        let race = GuestExperiments.restoringCoresInterfere(
            clock: clock, start: { cores.restoreFPU(true) },
            stop: {
                cores.restoreFPU(false)
                return cores.isExecuting(1, clock: clock)
            })
        findings.record(.fpuRestoreIsCoreLocal, race)
        findings.record(.initRedirected, try InitExperiment.run(cores, clock: clock))
    }
}

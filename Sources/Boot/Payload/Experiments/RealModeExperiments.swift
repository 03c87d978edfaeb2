internal import CMachine
internal import CPayload
internal import CorebootFormats
internal import Installation
internal import SICEABI

/// SMIs from real mode: the mode in which an emulator that drops translations only when paging changes drops none.
enum RealModeExperiments {
    /// Reads of SMRAM across an SMI. TSEG is decoded for the moment, and open again afterwards; its contents at the
    /// two addresses are lost.
    static func translations(in smram: SMRAM) -> TranslationObservation {
        var seen = TranslationObservation(first: 0x5349_4345, second: 0x4543_4953)
        let first = smram.range.base + SMRAMLayout.entryPage
        let second = first + ABI.pageSize
        sice_write32(first, seen.first)
        sice_write32(second, seen.second)
        ExperimentMemory.aim(at: first, second)
        let registers = Chipset.smramRegisters
        Chipset.enableTSEG()
        raise(breakpoints: 0x400)
        Chipset.smramRegisters = registers
        seen.isDone = ExperimentMemory.read(SICE_TRIAL_DONE) == 1
        seen.firstBefore = ExperimentMemory.read(SICE_TRIAL_FIRST_BEFORE)
        seen.firstInside = ExperimentMemory.read(SICE_TRIAL_FIRST_INSIDE)
        seen.secondInside = ExperimentMemory.read(SICE_TRIAL_SECOND_INSIDE)
        seen.secondAfter = ExperimentMemory.read(SICE_TRIAL_SECOND_AFTER)
        return seen
    }

    /// Whether a breakpoint that was set outside strikes in SMM, and so runs code of the interrupted program there.
    static func breakpoints() -> PostureValue {
        ExperimentMemory.aim(at: UInt64(SICE_TRIAL_PAGE), UInt64(SICE_TRIAL_PAGE))
        raise(breakpoints: 0x40A)  // G0 and G1: instructions at DR0 and DR1
        if ExperimentMemory.read(SICE_TRIAL_STRUCK) == 1 { return .absent }
        return ExperimentMemory.read(SICE_TRIAL_DONE) == 1 ? .present : .unknown
    }

    /// One SMI from real mode, with DR7 set. SMM has the interrupted program's SP: what an exception would push there
    /// is memory of others.
    private static func raise(breakpoints: UInt32) {
        let pushed = UInt64(SICE_TRIAL_STACK) - 8
        let saved = sice_read64(pushed)
        ExperimentMemory.reset()
        ExperimentMemory.write(SICE_TRIAL_BREAKPOINTS, breakpoints)
        LocalAPIC.aim(at: LocalAPIC.identifier)
        sice_trial_real_mode()
        sice_write64(pushed, saved)
    }
}

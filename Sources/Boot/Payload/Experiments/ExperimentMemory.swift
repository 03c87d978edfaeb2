internal import CMachine
internal import CPayload
internal import Firmware
internal import SICEABI

/// Code and words of the experiments, around the default SMBASE (experiment.h). ``Relocation`` clears it all.
enum ExperimentMemory {
    /// Puts the code in place. The words are 0.
    static func prepare() {
        clearMemory(at: LowMemory.defaultSMBASE, count: LowMemory.hiddenSize)
        let handler = UInt64(SICE_TRIAL_HANDLER)
        place(sice_trial_smi_code(), at: handler)
        place(sice_trial_real_code(), at: UInt64(SICE_TRIAL_REAL))
        place(sice_trial_guest_code(), at: UInt64(SICE_TRIAL_GUEST))
        // Vector 1 of real mode: segment and offset of the code that a breakpoint leads to.
        let struck = UInt32(SICE_TRIAL_HANDLER) << 12 | sice_trial_struck_offset()
        sice_write32(UInt64(SICE_TRIAL_VECTORS) + 4, struck)
        sice_write16(word(SICE_TRIAL_VECTOR_POINTER), 0x3FF)
        sice_write32(word(SICE_TRIAL_VECTOR_POINTER) + 2, UInt32(SICE_TRIAL_VECTORS))
        aim(at: UInt64(SICE_TRIAL_PAGE), UInt64(SICE_TRIAL_OTHER_PAGE))
    }

    /// Makes handler and guest read these two addresses.
    static func aim(at first: UInt64, _ second: UInt64) {
        write(SICE_TRIAL_FIRST, UInt32(truncatingIfNeeded: first))
        write(SICE_TRIAL_SECOND, UInt32(truncatingIfNeeded: second))
    }

    /// Forgets the last SMI.
    static func reset() {
        write(SICE_TRIAL_DONE, 0)
        write(SICE_TRIAL_STRUCK, 0)
        write(SICE_TRIAL_COUNT, 0)
    }

    static func read(_ offset: Int32) -> UInt32 { sice_read32(word(offset)) }
    static func write(_ offset: Int32, _ value: UInt32) { sice_write32(word(offset), value) }
    static func word(_ offset: Int32) -> UInt64 { UInt64(SICE_TRIAL_DATA) + UInt64(offset) }

    private static func place(_ code: sice_code, at address: UInt64) {
        copyMemory(from: code.address, to: address, count: code.size)
    }
}

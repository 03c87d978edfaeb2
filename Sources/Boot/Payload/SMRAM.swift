internal import CMachine
internal import CorebootFormats
internal import Firmware
internal import SICEABI

/// TSEG: the end of RAM below 4 GiB, whatever firmware has put there so far.
struct SMRAM {
    let range: MemoryRange
    /// Firmware kept TSEG free. A coreboot build without SMM does not: then its tables are in there.
    let isReserved: Bool

    /// `wanted` is the size that the ROM asks for, if it does. Throws `bootNoTSEG` when its size is not one that the
    /// manager serves or not the wanted one, or when the machine and the memory map do not agree on where RAM ends.
    /// Where SMRAM is locked already, the boot does not come here (``UnprotectedStart``).
    init(_ memory: borrowing MemoryMap, wantedMebibytes wanted: UInt64?) throws(ErrorCode) {
        let size = Chipset.tsegSize()
        guard size >= SMRAMLayout.minimumSize, size <= SMRAMLayout.maximumSize,
            size >> 20 == wanted ?? size >> 20
        else { throw .bootNoTSEG }
        let top = memory.topOfRAM(below: 1 << 32)
        // Without QEMU's own word only a map that keeps TSEG free tells where RAM ends: at TSEG's end.
        let end = MachineMemory.endOfLowRAM() ?? top + size
        guard end <= 1 << 32, end > size, end % (1 << 20) == 0 else { throw .bootNoTSEG }
        range = MemoryRange(base: end - size, size: size, type: MemoryType.reserved)
        isReserved = memory.covers(range, type: MemoryType.reserved)
        guard isReserved ? top <= range.base : top > range.base && top <= range.end else { throw .bootNoTSEG }
    }

    /// Makes TSEG decode and checks where it begins and ends. Throws `bootPostureFailed` when memory outside SMM
    /// still shows it, or when more than TSEG went away.
    func enable() throws(ErrorCode) {
        let before = sice_read32(range.base - 4)
        Chipset.enableTSEG()
        guard isHidden, sice_read32(range.base - 4) == before else { throw .bootPostureFailed }
    }

    /// Closes SMRAM for good and reads everything back. Throws `bootPostureFailed`.
    func lock() throws(ErrorCode) {
        Chipset.lock()
        let hiddenDefault = sice_read32(LowMemory.defaultSMBASE + 0x8000) == UInt32.max
        guard Chipset.isProtected, isHidden, hiddenDefault else { throw .bootPostureFailed }
    }

    /// Memory outside SMM reads as all ones: at both ends, and where the manager's code is. Reads of 32 bits: the
    /// chipset answers no wider ones there.
    private var isHidden: Bool {
        sice_read32(range.base + SMRAMLayout.entryPage) == UInt32.max
            && sice_read32(range.base + SMRAMLayout.managerOffset) == UInt32.max
            && sice_read32(range.end - 4) == UInt32.max
    }
}

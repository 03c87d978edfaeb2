internal import CMachine
internal import CorebootFormats
internal import SICEABI

/// TSEG as the memory controller and coreboot's memory map agree on it.
struct SMRAM {
    let range: MemoryRange

    /// Throws `bootSMRAMLocked` when someone else has it, `bootNoTSEG` when its size is not one that the manager
    /// serves or the memory map does not keep it free of RAM: TSEG ends where RAM below 4 GiB ends, so it starts
    /// where the map's last RAM stops.
    init(_ memory: borrowing MemoryMap) throws(ErrorCode) {
        guard !Chipset.isLocked else { throw .bootSMRAMLocked }
        let size = Chipset.tsegSize()
        guard size >= SMRAMLayout.minimumSize, size <= SMRAMLayout.maximumSize else { throw .bootNoTSEG }
        range = MemoryRange(
            base: memory.topOfRAM(below: 1 << 32), size: size, type: MemoryType.reserved)
        guard range.end <= 1 << 32, memory.covers(range, type: MemoryType.reserved) else { throw .bootNoTSEG }
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

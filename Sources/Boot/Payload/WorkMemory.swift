internal import CMachine
internal import CorebootFormats
internal import SICEABI

/// Memory that the payload uses until it starts the next program. The next program may not be loaded over it.
enum WorkMemory {
    /// Everything: image, stacks, copies of files.
    static let range = MemoryRange(
        base: BootMemory.payloadBase, size: BootMemory.payloadSize, type: MemoryType.ram)
    /// A file of the flash while it is measured and used: what is measured is what runs, whatever the flash
    /// answers the second time.
    static let file = MemoryRange(base: 0x320_0000, size: BootMemory.fileLimit, type: MemoryType.ram)
    /// The coreboot table while it is read.
    static let table = MemoryRange(base: 0x4E0_0000, size: 0x10_0000, type: MemoryType.ram)
    /// What lay in the wake-up page.
    static let saved = MemoryRange(base: 0x4F0_0000, size: 0x1000, type: MemoryType.ram)
    /// Boot parameters of the next program, if that is a Linux kernel.
    static let parameters = MemoryRange(base: 0x4F1_0000, size: 0x2000, type: MemoryType.ram)
    /// Buffers of commands to the manager.
    static let buffers = MemoryRange(base: 0x4F8_0000, size: 0x1000, type: MemoryType.ram)
}

/// The machine's fixed places below 1 MiB.
enum LowMemory {
    static let defaultSMBASE = BootMemory.defaultSMBASE
    static let hiddenSize = BootMemory.hiddenSize
    /// What the chipset hides when SMRAM is locked: this much or nothing, until the next reset.
    static let hidden = MemoryRange(base: defaultSMBASE, size: hiddenSize, type: MemoryType.reserved)
    /// Everything that is used down there.
    static let range = MemoryRange(base: wakePage, size: 0x4_0000, type: MemoryType.ram)
    /// Where a started core begins: a page that no boot loader has, above the page tables of a 64-bit coreboot.
    static let wakePage: UInt64 = 0x1_0000
    /// Below the default SMBASE. A 64-bit coreboot reserves its page tables there, where GRUB is linked; no core uses them
    /// any more when all are parked.
    static let vacated = MemoryRange(base: 0x1000, size: defaultSMBASE - 0x1000, type: MemoryType.reserved)
    /// Where an operating system finds the ACPI root when the one that firmware made is gone.
    static let acpiRoot: UInt64 = 0xF_FF80
    /// Where payloads look for the coreboot table.
    static let tableAnchor: UInt64 = 0x500
}

/// Copies memory to memory; both ranges come from this file or the memory map and do not overlap.
func copyMemory(from source: UInt64, to target: UInt64, count: UInt64) {
    sice_copy_words(target, source, count / 8)
    for offset in (count & ~7)..<count { sice_write8(target + offset, sice_read8(source + offset)) }
}

/// Zeroes memory that the memory map gives to the payload.
func clearMemory(at address: UInt64, count: UInt64) {
    sice_clear_words(address, count / 8)
    for offset in (count & ~7)..<count { sice_write8(address + offset, 0) }
}

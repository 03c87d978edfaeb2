internal import CMachine
internal import Firmware

/// What coreboot's qemu-q35 board sets in the chipset before the payload runs (Intel Q35 and ICH9 datasheets).
enum Chipset {
    /// I/O base of power management, as coreboot and QEMU's other firmwares choose it.
    private static let powerManagementBase: UInt32 = 0x600
    /// Where PCI configuration space is memory-mapped.
    private static let configurationBase: UInt32 = 0xB000_0000

    /// Everything that QEMU's ACPI tables describe must be set before they are read: they show what is set.
    static func prepare() {
        let mch = PCIFunction.memoryController
        mch.write32(0x64, 0)
        mch.write32(0x60, configurationBase | 1)  // PCIEXBAR, 256 buses, enabled
        // PAM: 0xC0000…0xFFFFF is RAM for reads and writes.
        mch.write8(0x90, mch.read8(0x90) | 0x30)
        for register: UInt32 in 0x91...0x96 { mch.write8(register, 0x33) }
        let lpc = PCIFunction.lpcBridge
        lpc.write32(0x40, powerManagementBase | 1)
        lpc.write8(0x44, 0x80)  // ACPI_CNTL: enable, SCI on IRQ 9
        lpc.write32(0xF0, 0xFED1_C001)  // RCBA
        // PIRQA…D and E…H, for an OS without an I/O APIC.
        for register: UInt32 in 0x60...0x63 { lpc.write8(register, register < 0x62 ? 10 : 11) }
        for register: UInt32 in 0x68...0x6B { lpc.write8(register, register < 0x6A ? 10 : 11) }
    }

    /// The size of the extended TSEG in MiB: writing 0xFFFF makes QEMU answer with what it offers.
    static func tsegMebibytes() -> UInt64 {
        let mch = PCIFunction.memoryController
        mch.write16(0x50, 0xFFFF)
        let size = mch.read16(0x50)
        return size == 0xFFFF ? 0 : UInt64(size)
    }

    /// Memory types: write-back by default, uncached where devices are (Intel SDM vol. 3A, 12.11).
    static func setMemoryTypes() {
        sice_wrmsr(0x2FF, 0)
        let addressMask: UInt64 = 0xFF_FFFF_F000  // 40 physical bits
        sice_wrmsr(0x200, 0xC000_0000)
        sice_wrmsr(0x201, addressMask & ~0x3FFF_FFFF | 0x800)
        sice_wrmsr(0x202, 0xB000_0000)
        sice_wrmsr(0x203, addressMask & ~0x0FFF_FFFF | 0x800)
        sice_wrmsr(0x2FF, 0x806)
    }
}

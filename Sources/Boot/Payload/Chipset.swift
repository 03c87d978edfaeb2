internal import CMachine
internal import CorebootFormats
internal import Firmware
internal import SICEABI

/// Q35's SMRAM control (Intel 3 Series Express Chipset Family datasheet, 5.1.29 ff.; 0x50 and 0x9C are QEMU's) and
/// ICH9's SMI control (ICH9 datasheet, 13.8.3).
enum Chipset {
    private static let extendedSize: UInt32 = 0x50
    private static let defaultSMBASEControl: UInt32 = 0x9C
    private static let smramControl: UInt32 = 0x9D
    private static let extendedControl: UInt32 = 0x9E

    private static let open: UInt8 = 0x40
    private static let locked: UInt8 = 0x10
    private static let enabled: UInt8 = 0x08
    private static let compatible: UInt8 = 0x02
    private static let tsegEnabled: UInt8 = 0x01
    private static let extendedTSEG: UInt8 = 0x06

    /// Whether someone before us locked SMRAM; then it is theirs.
    static var isLocked: Bool {
        PCIFunction.memoryController.read8(smramControl) & locked != 0
    }

    /// Size in bytes of the extended TSEG that the machine offers, 0 when it offers none. The sizes that Q35
    /// itself has end at 8 MiB, too small for the manager.
    static func tsegSize() -> UInt64 {
        let memory = PCIFunction.memoryController
        memory.write16(extendedSize, 0xFFFF)
        let mebibytes = memory.read16(extendedSize)
        return mebibytes == 0xFFFF ? 0 : UInt64(mebibytes) << 20
    }

    /// Makes the memory controller decode TSEG; from here on only a core in SMM reaches it.
    static func enableTSEG() {
        let memory = PCIFunction.memoryController
        memory.write8(smramControl, enabled | compatible)
        memory.write8(extendedControl, extendedTSEG | tsegEnabled)
    }

    /// The registers that decide who sees TSEG, until ``lock()``.
    static var smramRegisters: (control: UInt8, extended: UInt8) {
        get {
            let memory = PCIFunction.memoryController
            return (memory.read8(smramControl), memory.read8(extendedControl))
        }
        set {
            PCIFunction.memoryController.write8(extendedControl, newValue.extended)
            PCIFunction.memoryController.write8(smramControl, newValue.control)
        }
    }

    /// Hides the default SMBASE, then freezes every SMRAM register until the next reset. The order matters not
    /// to QEMU; a core that INIT throws out of SMM keeps its SMBASE.
    static func lock() {
        let memory = PCIFunction.memoryController
        memory.write8(defaultSMBASEControl, 0xFF)  // asks whether the control exists
        memory.write8(defaultSMBASEControl, 0x02)
        memory.write8(smramControl, locked | enabled | compatible)
    }

    /// Whether the registers say what ``lock()`` wrote.
    static var isProtected: Bool {
        let memory = PCIFunction.memoryController
        let control = memory.read8(smramControl)
        return control & (locked | enabled) == locked | enabled && control & open == 0
            && memory.read8(extendedControl) & (extendedTSEG | tsegEnabled) == extendedTSEG | tsegEnabled
            && memory.read8(defaultSMBASEControl) == 0x02
    }

    /// I/O base of ICH9's power management. Throws `bootNoSMM` when firmware did not enable it.
    static func powerManagementBase() throws(ErrorCode) -> UInt16 {
        let bridge = PCIFunction.lpcBridge
        let base = UInt16(truncatingIfNeeded: bridge.read32(0x40) & 0xFF80)
        guard base != 0, bridge.read8(0x44) & 0x80 != 0 else { throw .bootNoSMM }
        return base
    }

    /// Lets a write to port 0xB2 raise an SMI (SMI_EN: GBL_SMI_EN, APMC_EN).
    static func enableSoftwareSMI(powerManagementBase base: UInt16) throws(ErrorCode) {
        let bits: UInt32 = 0x21
        sice_out32(base + 0x30, sice_in32(base + 0x30) | bits)
        guard sice_in32(base + 0x30) & 0x20 != 0 else { throw .bootNoSMM }
    }
}

internal import Firmware
internal import SICEABI

/// Who gets which memory: RAM from fw_cfg, TSEG carved out at its top, this ROM's tables right below.
///
/// With the option ``tablesOnTop`` no TSEG is carved out and the tables lie at the very top of RAM, as in a coreboot
/// build without SMM: right where TSEG has to go.
struct MemoryPlan {
    /// First address after RAM below 4 GiB.
    let ramEnd: UInt64
    /// First address of TSEG, which ends at ``ramEnd``; ``ramEnd`` itself when none is carved out.
    let tsegBase: UInt64
    /// First address of the tables' memory, which ends at ``tsegBase``.
    let tablesBase: UInt64

    /// CBFS file whose presence leaves TSEG to the payload.
    static let tablesOnTop: StaticString = "rom/tables-on-top"

    /// Memory for tables that the OS still needs: coreboot table, ACPI, logs.
    static let tablesSize: UInt64 = 0x10_0000
    /// The bootblock itself runs at 32 MiB; less RAM than this leaves no room for anyone.
    private static let smallestRAM: UInt64 = 64 << 20

    /// Reads the RAM size and TSEG's. Throws `bootNoTSEG` when the machine has no usable TSEG.
    init(tablesOnTop: Bool) throws(ErrorCode) {
        let end = min(MachineMemory.endOfLowRAM() ?? 0, 0xB000_0000)
        let tsegSize = Chipset.tsegMebibytes() << 20
        guard tsegSize > 0, end >= Self.smallestRAM, end - Self.smallestRAM >= tsegSize else {
            throw .bootNoTSEG
        }
        ramEnd = end
        tsegBase = tablesOnTop ? end : end - tsegSize
        tablesBase = tsegBase - Self.tablesSize
    }
}

internal import Firmware
internal import FirmwareConfig
internal import SICEABI

/// Who gets which memory: RAM from fw_cfg, TSEG carved out at its top, this ROM's tables right below.
struct MemoryPlan {
    /// First address after RAM below 4 GiB.
    let ramEnd: UInt64
    /// First address of TSEG, which ends at ``ramEnd``.
    let tsegBase: UInt64
    /// First address of the tables' memory, which ends at ``tsegBase``.
    let tablesBase: UInt64

    /// Memory for tables that the OS still needs: coreboot table, ACPI, logs.
    static let tablesSize: UInt64 = 0x10_0000
    /// More entries than this are not looked at.
    private static let maximumEntries: UInt32 = 64
    /// The bootblock itself runs at 32 MiB; less RAM than this leaves no room for anyone.
    private static let smallestRAM: UInt64 = 64 << 20

    /// Reads the RAM size and TSEG's. Throws `bootNoTSEG` when the machine has no usable TSEG.
    init(device: inout PortConfigDevice) throws(ErrorCode) {
        var end: UInt64 = 0
        for _ in 0..<Self.entryCount(selectedOn: &device) {
            let entry = MemoryMapEntry(from: &device)
            if entry.type == MemoryMapEntry.ram, entry.base == 0 { end = min(entry.end ?? 0, 0xB000_0000) }
        }
        let tsegSize = Chipset.tsegMebibytes() << 20
        guard tsegSize > 0, end >= Self.smallestRAM, end - Self.smallestRAM >= tsegSize else {
            throw .bootNoTSEG
        }
        ramEnd = end
        tsegBase = end - tsegSize
        tablesBase = end - tsegSize - Self.tablesSize
    }

    /// Selects the memory map and returns how many entries can be read.
    static func entryCount(selectedOn device: inout PortConfigDevice) -> UInt32 {
        let name: StaticString = "etc/e820"
        guard let file = FirmwareConfig.find(name.bytes, in: &device) else { return 0 }
        device.select(file.key)
        return min(file.size / MemoryMapEntry.encodedSize, maximumEntries)
    }
}

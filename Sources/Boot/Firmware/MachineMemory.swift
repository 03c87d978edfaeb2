internal import FirmwareTables

/// RAM as QEMU itself describes it (`etc/e820`), whatever firmware before us made of it.
public enum MachineMemory {
    /// More entries than this are not looked at.
    private static let maximumEntries: UInt32 = 64

    /// First address after RAM below 4 GiB; nil on a machine that does not say.
    public static func endOfLowRAM() -> UInt64? {
        var device = PortConfigDevice()
        guard FirmwareConfig.isPresent(&device) else { return nil }
        for _ in 0..<entryCount(selectedOn: &device) {
            let entry = MemoryMapEntry(from: &device)
            guard entry.type == MemoryMapEntry.ram, entry.base == 0 else { continue }
            return entry.end
        }
        return nil
    }

    /// Selects the memory map and returns how many entries can be read.
    public static func entryCount(selectedOn device: inout PortConfigDevice) -> UInt32 {
        let name: StaticString = "etc/e820"
        guard let file = FirmwareConfig.find(name.bytes, in: &device) else { return 0 }
        device.select(file.key)
        return min(file.size / MemoryMapEntry.encodedSize, maximumEntries)
    }
}

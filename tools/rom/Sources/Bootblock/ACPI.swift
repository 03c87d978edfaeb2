internal import Firmware
internal import FirmwareConfig
internal import SICEABI
internal import TableLoader

/// Installs the ACPI tables that QEMU made.
enum ACPI {
    /// Longest script that is run, in bytes; QEMU's has a few kilobytes.
    private static let maximumScript: UInt32 = 0x1_0000

    /// Runs the table-loader script with its files in [start, end). The script itself is read to `scratch`.
    /// Returns the address of the root pointer. Throws `bootNoACPI`.
    static func install(
        from start: UInt64, to end: UInt64, scratch: UInt64, device: inout PortConfigDevice
    ) throws(ErrorCode) -> UInt64 {
        let scriptName: StaticString = "etc/table-loader"
        guard let file = FirmwareConfig.find(scriptName.bytes, in: &device), file.size <= maximumScript else {
            throw .bootNoACPI
        }
        device.select(file.key)
        var script = unsafe PhysicalMemory.writable(at: scratch, count: Int(file.size))
        device.read(into: &script)
        var loader = TableLoader(memory: TablePlacement(from: start, to: end))
        try loader.run(script: script.span)
        let rootName: StaticString = "etc/acpi/rsdp"
        guard let root = loader.address(of: rootName.bytes) else { throw .bootNoACPI }
        return root
    }
}

internal import FirmwareTables
public import SICEABI

/// Installs the ACPI tables that QEMU made.
public enum QEMUTables {
    /// Longest script that is run, in bytes; QEMU's has a few kilobytes.
    private static let maximumScript: UInt32 = 0x1_0000

    /// Runs the table-loader script. Its files go to `tables`, the root pointer to `root`, and the script itself to
    /// 64 KiB at `scratch` while it runs. Returns the address of the root pointer. Throws `bootNoACPI`.
    public static func install(
        in tables: Range<UInt64>, root: Range<UInt64>, scratch: UInt64
    ) throws(ErrorCode) -> UInt64 {
        var device = PortConfigDevice()
        let scriptName: StaticString = "etc/table-loader"
        guard FirmwareConfig.isPresent(&device),
            let file = FirmwareConfig.find(scriptName.bytes, in: &device), file.size <= maximumScript
        else { throw .bootNoACPI }
        device.select(file.key)
        var script = unsafe PhysicalMemory.writable(at: scratch, count: Int(file.size))
        device.read(into: &script)
        var loader = TableLoader(memory: TablePlacement(tables: tables, root: root))
        try loader.run(script: script.span)
        let rootName: StaticString = "etc/acpi/rsdp"
        guard let root = loader.address(of: rootName.bytes) else { throw .bootNoACPI }
        return root
    }
}

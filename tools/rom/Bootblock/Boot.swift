internal import CFirmware
internal import CMachine
internal import CorebootFormats
internal import Firmware
internal import FirmwareTables
internal import SICEABI

/// From reset to the payload, in the order in which coreboot does it.
@c(sice_firmware_main)
public func start(table: UInt64) {
    Console.main.start()
    Console.main.write("sice: rom: stand-in ROM for QEMU, not for real machines\r\n")
    do throws(ErrorCode) {
        try Boot.run()
    } catch {
        Console.main.write("sice: rom: SICE-E0")
        Console.main.write(decimal: UInt64(error.rawValue))
        Console.main.endLine()
        sice_exit(0x7F)
    }
}

/// Offsets in the tables' memory.
private enum TableOffset {
    static let corebootTable: UInt64 = 0
    static let flashMap: UInt64 = 0x4000
    static let eventLog: UInt64 = 0x5000
    static let timestamps: UInt64 = 0x7000
    static let acpi: UInt64 = 0x8000
    /// The table-loader script while it runs, at the other end.
    static let scriptRoom: UInt64 = 0x1_0000
}

enum Boot {
    /// Boots; returns only by an error.
    static func run() throws(ErrorCode) {
        var device = PortConfigDevice()
        guard FirmwareConfig.isPresent(&device) else { throw .bootNoACPI }
        Chipset.prepare()
        Chipset.setMemoryTypes()
        var bus = BusSetup()
        bus.run()
        let media = try Flash.bootMedia()
        let files = unsafe PhysicalMemory.readable(
            at: Flash.base + media.fileSystemOffset, count: Int(media.fileSystemSize))
        let plan = try MemoryPlan(
            tablesOnTop: try CBFSWalker.find(MemoryPlan.tablesOnTop.bytes, in: files) != nil)
        let script = plan.tablesBase + MemoryPlan.tablesSize - TableOffset.scriptRoom
        let rootPointer = try QEMUTables.install(
            in: (plan.tablesBase + TableOffset.acpi)..<script, root: 0xF_0000..<0x10_0000, scratch: script)
        let payload = try contents(of: "fallback/payload", in: files)
        let bootblock = try contents(of: "bootblock", in: files)
        let eventLog = measure(
            bootblock: bootblock, payload: payload, at: plan.tablesBase + TableOffset.eventLog,
            gaps: try MeasuringGaps(files))
        sice_copy_words(plan.tablesBase + TableOffset.flashMap, Flash.base, UInt64(Flash.mapSize) / 8)
        let table = plan.tablesBase + TableOffset.corebootTable
        try CorebootTableBuild.write(
            TableContents(
                plan: plan, media: media, rootPointer: rootPointer,
                flashMapCopy: plan.tablesBase + TableOffset.flashMap, eventLog: eventLog,
                timestamps: plan.tablesBase + TableOffset.timestamps),
            at: table, device: &device)
        let entry = try PayloadStart.load(payload, plan: plan)
        stampPayloadStart(at: plan.tablesBase + TableOffset.timestamps)
        sice_enter32(entry, UInt32(table))
    }

    /// The one time stamp of this ROM: TS_SELFBOOT_JUMP (coreboot: timestamp_serialized.h), the moment before the
    /// payload runs.
    private static func stampPayloadStart(at address: UInt64) {
        sice_write64(address, 0)  // stamps are absolute
        sice_write32(address + 8, 1)  // room for one, frequency unknown
        sice_write32(address + 12, 1)
        sice_write32(address + 16, 99)
        sice_write64(address + 20, sice_rdtsc())
    }

    @_lifetime(copy files)
    private static func contents(
        of name: StaticString, in files: Span<UInt8>
    ) throws(ErrorCode) -> Span<UInt8> {
        guard let file = try CBFSWalker.find(name.bytes, in: files), !file.isCompressed else {
            throw .bootFileMissing
        }
        return files.extracting(file.dataOffset..<(file.dataOffset + file.dataSize))
    }

    /// Like coreboot it goes on without a TPM; then there is no log, and whoever asks finds PCR 2 untouched.
    private static func measure(
        bootblock: Span<UInt8>, payload: Span<UInt8>, at address: UInt64, gaps: MeasuringGaps
    ) -> (address: UInt64, size: UInt32)? {
        do throws(ErrorCode) {
            let area = unsafe PhysicalMemory.writable(at: address, count: CorebootEventLogWriter.size)
            var boot = try MeasuredBoot.start(log: area, gaps: gaps)
            try boot.measure(Flash.map, name: "FMAP: FMAP")
            try boot.measure(bootblock, name: "CBFS: bootblock")
            try boot.measure(payload, name: "CBFS: fallback/payload")
            return (address, UInt32(CorebootEventLogWriter.size))
        } catch {
            Console.main.write("sice: rom: nothing measured, SICE-E0")
            Console.main.write(decimal: UInt64(error.rawValue))
            Console.main.endLine()
            return nil
        }
    }
}

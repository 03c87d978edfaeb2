internal import ByteIO
internal import CorebootFormats
internal import Firmware
internal import FirmwareTables
internal import SICEABI

/// What goes into the coreboot table.
struct TableContents {
    var plan: MemoryPlan
    var media: CorebootBootMedia
    var rootPointer: UInt64
    var flashMapCopy: UInt64
    /// Event log in coreboot's TPM 2.0 format, when a TPM was found.
    var eventLog: (address: UInt64, size: UInt32)?
    /// coreboot's table of time stamps.
    var timestamps: UInt64
}

/// Builds the coreboot table as a coreboot build for this board would.
enum CorebootTableBuild {
    /// Bytes reserved for the table.
    static let room = 0x4000
    private static let ram: UInt32 = 1
    private static let reserved: UInt32 = 2
    private static let tables: UInt32 = 16
    /// CBMEM id of the event log in TPM 2.0 format.
    private static let eventLogIdentifier: UInt32 = 0x5450_4D32

    /// Writes the table at `address` and the forward record at 0x500.
    static func write(
        _ contents: TableContents, at address: UInt64, device: inout PortConfigDevice
    ) throws(ErrorCode) {
        do throws(ByteError) {
            var writer = unsafe CorebootTableWriter(PhysicalMemory.writable(at: address, count: room))
            try writeMemoryMap(contents.plan, to: &writer, device: &device)
            try writeRecords(contents, to: &writer)
            _ = try writer.finish()
            var forward = unsafe CorebootTableWriter(PhysicalMemory.writable(at: 0x500, count: 64))
            try forward.writeForward(to: address)
            _ = try forward.finish()
        } catch {
            throw .bootNoCorebootTable
        }
    }

    private static func writeRecords(
        _ contents: TableContents, to writer: inout CorebootTableWriter
    ) throws(ByteError) {
        let vendor: StaticString = "SICE"
        let part: StaticString = "stand-in ROM"
        try writer.writeMainboard(vendor: vendor.bytes, part: part.bytes)
        try writer.writeSerialPort(Console.main.port, baudRate: 115_200)
        try writer.writeBootMedia(contents.media)
        try writer.writeFlashMap(at: contents.flashMapCopy)
        if let log = contents.eventLog {
            try writer.writeMemoryEntry(id: eventLogIdentifier, address: log.address, size: log.size)
        }
        try writer.writeTimestamps(at: contents.timestamps)
        try writer.writeRootPointer(at: contents.rootPointer)
    }

    private static func writeMemoryMap(
        _ plan: MemoryPlan, to writer: inout CorebootTableWriter, device: inout PortConfigDevice
    ) throws(ByteError) {
        try writer.beginMemoryMap()
        try writer.writeMemoryRange(base: 0, size: 0x1000, type: tables)
        try writer.writeMemoryRange(base: 0x1000, size: 0x9_F000, type: ram)
        try writer.writeMemoryRange(base: 0xA_0000, size: 0x6_0000, type: reserved)
        try writer.writeMemoryRange(base: 0x10_0000, size: plan.tablesBase - 0x10_0000, type: ram)
        try writer.writeMemoryRange(
            base: plan.tablesBase, size: plan.tsegBase - plan.tablesBase, type: tables)
        if plan.tsegBase < plan.ramEnd {
            try writer.writeMemoryRange(
                base: plan.tsegBase, size: plan.ramEnd - plan.tsegBase, type: reserved)
        }
        // MMCONFIG; I/O APIC, HPET, TPM, RCBA and local APIC; flash.
        try writer.writeMemoryRange(base: 0xB000_0000, size: 0x1000_0000, type: reserved)
        try writer.writeMemoryRange(base: 0xFEC0_0000, size: 0x40_0000, type: reserved)
        try writer.writeMemoryRange(base: Flash.base, size: Flash.size, type: reserved)
        try writeHighMemory(to: &writer, device: &device)
        try writer.endRecord()
    }

    /// RAM above 4 GiB.
    private static func writeHighMemory(
        to writer: inout CorebootTableWriter, device: inout PortConfigDevice
    ) throws(ByteError) {
        for _ in 0..<MachineMemory.entryCount(selectedOn: &device) {
            let entry = MemoryMapEntry(from: &device)
            guard entry.base >= 1 << 32, entry.end != nil else { continue }
            try writer.writeMemoryRange(base: entry.base, size: entry.size, type: entry.type)
        }
    }
}

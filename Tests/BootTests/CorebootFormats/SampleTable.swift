import ByteIO
import CorebootFormats
import SICEABI

/// A coreboot table as the stand-in ROM writes it.
enum SampleTable {
    static let ranges = [
        MemoryRange(base: 0, size: 0x1000, type: MemoryType.tables),
        MemoryRange(base: 0x1000, size: 0x9_F000, type: MemoryType.ram),
        MemoryRange(base: 0xA_0000, size: 0x6_0000, type: MemoryType.reserved),
        MemoryRange(base: 0x10_0000, size: 0x7BE0_0000, type: MemoryType.ram),
        MemoryRange(base: 0x7BF0_0000, size: 0x10_0000, type: MemoryType.tables),
        MemoryRange(base: 0x7C00_0000, size: 0x400_0000, type: MemoryType.reserved),
    ]

    static func bytes(vendor: String = "SICE", part: String = "stand-in ROM") -> [UInt8] {
        var memory = [UInt8](repeating: 0xEE, count: 4096)
        let size = try! write(&memory, vendor: Array(vendor.utf8), part: Array(part.utf8))
        return Array(memory[..<size])
    }

    private static func write(_ memory: inout [UInt8], vendor: [UInt8], part: [UInt8]) throws -> Int {
        var writer = CorebootTableWriter(memory.mutableSpan)
        try writer.writeMainboard(vendor: vendor.span, part: part.span)
        try writer.beginMemoryMap()
        for range in ranges {
            try writer.writeMemoryRange(base: range.base, size: range.size, type: range.type)
        }
        try writer.endRecord()
        try writer.writeBootMedia(
            CorebootBootMedia(
                flashMapOffset: 0, fileSystemOffset: 0x1000, fileSystemSize: 0x7F_F000, mediaSize: 0x80_0000))
        try writer.writeMemoryEntry(id: 0x4341_5050, address: 0x7BF2_0000, size: 64)
        try writer.writeMemoryEntry(id: CorebootTag.cbmemTPM2Log, address: 0x7BF1_0000, size: 0x8000)
        try writer.writeRootPointer(at: 0xF_0000)
        return try writer.finish()
    }

    /// Sets both checksums again after a test changed the table.
    static func seal(_ bytes: inout [UInt8]) {
        var output = bytes.mutableSpan
        output.storeLittleEndian(UInt32(0), at: 8)
        output.storeLittleEndian(internetChecksum(output.span.extracting(24..<output.count)), at: 16)
        output.storeLittleEndian(internetChecksum(output.span.extracting(0..<24)), at: 8)
    }
}

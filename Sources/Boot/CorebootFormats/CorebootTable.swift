internal import ByteIO
public import SICEABI

/// Tags and offsets of the coreboot table (coreboot, commonlib/coreboot_tables.h).
public enum CorebootTag {
    public static let memory: UInt32 = 0x01
    public static let mainboard: UInt32 = 0x03
    public static let forward: UInt32 = 0x11
    public static let framebuffer: UInt32 = 0x12
    public static let bootMedia: UInt32 = 0x30
    public static let cbmemEntry: UInt32 = 0x31
    public static let rsdp: UInt32 = 0x43
    /// CBMEM id of the event log in TCG 2.0 format: "TPM2".
    public static let cbmemTPM2Log: UInt32 = 0x5450_4D32

    /// Whether a record begins with the address of something in memory: timestamps, console, ranges, NVS, VPD,
    /// CBMEM entries, logs, flash map, ACPI root.
    static func isPointer(_ tag: UInt32) -> Bool {
        switch tag {
        case 0x16...0x19, 0x22...0x24, 0x27, 0x2B, 0x2C, 0x31, 0x34, 0x36, 0x37, 0x41, 0x43: true
        default: false
        }
    }

    /// Whether a CBMEM area holds something that an operating system reads: console, timestamps, event logs,
    /// flash map, vital product data. The rest is coreboot's own.
    static func isWorthKeeping(_ identifier: UInt32) -> Bool {
        switch identifier {
        case 0x434F_4E53, 0x5449_4D45, cbmemTPM2Log, 0x5443_5041, 0x464D_4150, 0x5650_4420: true
        default: false
        }
    }
}

/// What the payload needs of a coreboot table, copied out of it.
public struct CorebootTable {
    /// Bytes of the header, enough to learn ``totalSize(header:)``.
    public static var headerSize: Int { 24 }

    public private(set) var memory = MemoryMap()
    /// The table is elsewhere; nothing else is set.
    public private(set) var forward: UInt64?
    public private(set) var bootMedia: CorebootBootMedia?
    public private(set) var rsdp: UInt64?
    /// The screen, if firmware set up a frame buffer.
    public private(set) var framebuffer: CorebootFramebuffer?
    /// Event log in TCG 2.0 format.
    public private(set) var eventLog: MemoryRange?
    /// Areas of CBMEM that an operating system reads, by an index below ``areaCount``.
    public private(set) var areas = InlineArray<8, MemoryRange>(
        repeating: MemoryRange(base: 0, size: 0, type: MemoryType.tables))
    public private(set) var areaCount = 0
    /// The table says that the stand-in ROM for QEMU made it.
    public private(set) var isStandIn = false

    /// Bytes of the whole table according to its header, of which `header` holds at least ``headerSize``.
    /// Throws `bootNoCorebootTable` unless signature and header checksum are right.
    public static func totalSize(header: Span<UInt8>) throws(ErrorCode) -> Int {
        guard header.count >= headerSize,
            header.littleEndian(at: 0, as: UInt32.self) == TableHeader.signatureValue,
            header.littleEndian(at: TableHeader.headerBytes, as: UInt32.self) == UInt32(headerSize),
            internetChecksum(header.extracting(0..<headerSize)) == 0
        else { throw .bootNoCorebootTable }
        let size = header.littleEndian(at: TableHeader.tableBytes, as: UInt32.self)
        guard size <= TableHeader.limit else { throw .bootNoCorebootTable }
        return headerSize + Int(size)
    }

    /// Parses a whole table. Throws `bootNoCorebootTable` when checksums or record sizes are wrong.
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        let size = try Self.totalSize(header: bytes)
        guard size <= bytes.count else { throw .bootNoCorebootTable }
        let body = bytes.extracting(Self.headerSize..<size)
        guard internetChecksum(body) == bytes.littleEndian(at: TableHeader.tableChecksum, as: UInt32.self)
        else { throw .bootNoCorebootTable }
        var offset = 0
        while offset < body.count {
            let length = try recordLength(body, at: offset)
            let record = body.extracting(offset..<(offset + length))
            try take(record)
            offset += length
        }
    }

    private mutating func take(_ record: Span<UInt8>) throws(ErrorCode) {
        switch record.littleEndian(at: 0, as: UInt32.self) {
        case CorebootTag.memory: try takeMemory(record)
        case CorebootTag.forward: forward = try field(record, at: 8)
        case CorebootTag.rsdp: rsdp = try field(record, at: 8)
        case CorebootTag.framebuffer: framebuffer = CorebootFramebuffer(record)
        case CorebootTag.mainboard: isStandIn = MainboardRecord.isStandIn(record)
        case CorebootTag.bootMedia:
            bootMedia = CorebootBootMedia(
                flashMapOffset: try field(record, at: 8), fileSystemOffset: try field(record, at: 16),
                fileSystemSize: try field(record, at: 24), mediaSize: try field(record, at: 32))
        case CorebootTag.cbmemEntry: try takeArea(record)
        default: return  // records not known here belong to others
        }
    }

    private mutating func takeArea(_ record: Span<UInt8>) throws(ErrorCode) {
        let area = MemoryRange(
            base: try field(record, at: 8), size: UInt64(record.littleEndian(at: 16, as: UInt32.self)),
            type: MemoryType.tables)
        let identifier = record.littleEndian(at: 20, as: UInt32.self)
        if identifier == CorebootTag.cbmemTPM2Log { eventLog = area }
        // One too many is not worth a boot: its record is left out of a table that has to move.
        guard CorebootTag.isWorthKeeping(identifier), areaCount < 8 else { return }
        areas[areaCount] = area
        areaCount += 1
    }

    private mutating func takeMemory(_ record: Span<UInt8>) throws(ErrorCode) {
        var offset = 8
        while offset < record.count {
            guard record.count - offset >= memoryEntrySize else { throw .bootNoCorebootTable }
            let range = MemoryRange(
                base: record.littleEndian(at: offset, as: UInt64.self),
                size: record.littleEndian(at: offset + 8, as: UInt64.self),
                type: record.littleEndian(at: offset + 16, as: UInt32.self))
            guard range.base <= UInt64.max - range.size else { throw .bootNoCorebootTable }
            try memory.append(range)
            offset += memoryEntrySize
        }
    }

    private func field(_ record: Span<UInt8>, at offset: Int) throws(ErrorCode) -> UInt64 {
        guard record.count >= offset + 8 else { throw .bootNoCorebootTable }
        return record.littleEndian(at: offset, as: UInt64.self)
    }
}

/// Offsets of the table's header.
enum TableHeader {
    static let signatureValue: UInt32 = 0x4F49_424C  // "LBIO"
    static let headerBytes = 4
    static let headerChecksum = 8
    static let tableBytes = 12
    static let tableChecksum = 16
    static let tableEntries = 20
    /// No coreboot makes a table anywhere near as long; bounds what a broken header can make us read.
    static let limit: UInt32 = 1 << 20
}

let memoryEntrySize = 20

/// The checked length of the record at an offset.
func recordLength(_ body: Span<UInt8>, at offset: Int) throws(ErrorCode) -> Int {
    guard body.count - offset >= 8 else { throw .bootNoCorebootTable }
    let length = Int(body.littleEndian(at: offset + 4, as: UInt32.self))
    guard length >= 8, length <= body.count - offset else { throw .bootNoCorebootTable }
    return length
}

/// The checksum of coreboot tables, that of RFC 1071 over little-endian words.
public func internetChecksum(_ bytes: Span<UInt8>) -> UInt32 {
    var sum: UInt32 = 0
    for index in 0..<bytes.count {
        sum += UInt32(bytes[index]) << (index & 1 == 0 ? 0 : 8)
        if sum > 0xFFFF { sum = (sum & 0xFFFF) + 1 }
    }
    return ~sum & 0xFFFF
}

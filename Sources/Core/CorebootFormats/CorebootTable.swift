internal import ByteIO
public import SICEABI

/// Tags and offsets of the coreboot table (coreboot, commonlib/coreboot_tables.h).
public enum CorebootTag {
    public static let memory: UInt32 = 0x01
    public static let mainboard: UInt32 = 0x03
    public static let forward: UInt32 = 0x11
    public static let bootMedia: UInt32 = 0x30
    public static let cbmemEntry: UInt32 = 0x31
    public static let rsdp: UInt32 = 0x43
    /// CBMEM id of the event log in TCG 2.0 format: "TPM2".
    public static let cbmemTPM2Log: UInt32 = 0x5450_4D32
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
    /// Event log in TCG 2.0 format.
    public private(set) var eventLog: MemoryRange?
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
        case CorebootTag.mainboard: isStandIn = MainboardRecord.isStandIn(record)
        case CorebootTag.bootMedia:
            bootMedia = CorebootBootMedia(
                flashMapOffset: try field(record, at: 8), fileSystemOffset: try field(record, at: 16),
                fileSystemSize: try field(record, at: 24), mediaSize: try field(record, at: 32))
        case CorebootTag.cbmemEntry:
            let address = try field(record, at: 8)
            guard record.littleEndian(at: 20, as: UInt32.self) == CorebootTag.cbmemTPM2Log else { return }
            let size = UInt64(record.littleEndian(at: 16, as: UInt32.self))
            eventLog = MemoryRange(base: address, size: size, type: MemoryType.tables)
        default: return  // records not known here belong to others
        }
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

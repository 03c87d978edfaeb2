internal import ByteIO
public import SICEABI

/// One piece of a payload: what is copied from the file, and how much memory it takes.
public struct SELFSegment: Equatable, Sendable {
    /// Offset of the content in the CBFS file.
    public var fileOffset = 0
    /// Bytes of content in the file; the rest of the memory is zero.
    public var fileSize = 0
    /// The content is an LZMA file that expands to at most ``memorySize`` bytes.
    public var isCompressed = false
    public var loadAddress: UInt64 = 0
    public var memorySize: UInt64 = 0

    /// A segment that is nothing but zeros.
    public init(zeros memory: MemoryRange) {
        loadAddress = memory.base
        memorySize = memory.size
    }

    public var memory: MemoryRange {
        MemoryRange(base: loadAddress, size: memorySize, type: MemoryType.ram)
    }
}

/// A SELF payload: the segment table at the start of a CBFS file of type ``CBFSType/payload``
/// (coreboot, commonlib/bsd/cbfs_serialized.h). Segments are uncompressed or LZMA.
public struct SELFPayload {
    public static var maximumSegments: Int { 16 }

    private var segments = InlineArray<16, SELFSegment>(
        repeating: SELFSegment(zeros: OccupiedMemory.nothing))
    public private(set) var count = 0
    public private(set) var entry: UInt64 = 0

    /// A segment, by an index below ``count``.
    public subscript(index: Int) -> SELFSegment { segments[index] }

    /// Parses the file's segment table. Throws `bootBadPayload` when it is truncated, has no entry or a segment
    /// of unknown type, or content outside the file; `bootPayloadCompressed` when a segment is compressed in
    /// another way than LZMA.
    public init(_ file: Span<UInt8>) throws(ErrorCode) {
        var offset = 0
        while true {
            guard file.count - offset >= segmentSize else { throw .bootBadPayload }
            var reader = ByteReader(file.extracting(offset..<(offset + segmentSize)))
            let record = try SegmentRecord(&reader)
            if record.type == SegmentType.entry {
                entry = record.loadAddress
                return
            }
            try append(record, fileSize: file.count)
            offset += segmentSize
        }
    }

    /// A payload without segments, to be put together by ``append(_:)``.
    public init(entry: UInt64) { self.entry = entry }

    /// Adds a segment. Throws `bootBadPayload` beyond ``maximumSegments``.
    public mutating func append(_ segment: SELFSegment) throws(ErrorCode) {
        guard count < Self.maximumSegments else { throw .bootBadPayload }
        segments[count] = segment
        count += 1
    }

    private mutating func append(_ record: SegmentRecord, fileSize: Int) throws(ErrorCode) {
        guard count < Self.maximumSegments else { throw .bootBadPayload }
        var segment = SELFSegment(
            zeros: MemoryRange(
                base: record.loadAddress, size: UInt64(record.memorySize), type: MemoryType.ram))
        switch record.type {
        case SegmentType.code, SegmentType.data:
            guard record.compression <= 1 else { throw .bootPayloadCompressed }
            segment.isCompressed = record.compression == 1
            let start = Int(record.offset)
            let size = Int(record.fileSize)
            guard start <= fileSize, size <= fileSize - start,
                segment.isCompressed || size <= Int(record.memorySize)
            else { throw .bootBadPayload }
            segment.fileOffset = start
            segment.fileSize = size
        case SegmentType.bss: break
        default: throw .bootBadPayload
        }
        if segment.memorySize > 0 { try append(segment) }
    }
}

private let segmentSize = 28

/// PAYLOAD_SEGMENT_…, big-endian ASCII.
private enum SegmentType {
    static let code: UInt32 = 0x434F_4445
    static let data: UInt32 = 0x4441_5441
    static let bss: UInt32 = 0x4253_5320
    static let entry: UInt32 = 0x454E_5452
}

private struct SegmentRecord {
    var type: UInt32
    var compression: UInt32
    var offset: UInt32
    var loadAddress: UInt64
    var fileSize: UInt32
    var memorySize: UInt32

    init(_ reader: inout ByteReader) throws(ErrorCode) {
        do {
            type = try reader.readBigEndian(UInt32.self)
            compression = try reader.readBigEndian(UInt32.self)
            offset = try reader.readBigEndian(UInt32.self)
            loadAddress = try reader.readBigEndian(UInt64.self)
            fileSize = try reader.readBigEndian(UInt32.self)
            memorySize = try reader.readBigEndian(UInt32.self)
        } catch { throw .bootBadPayload }
    }
}

internal import ByteIO
public import SICEABI

extension CorebootTable {
    /// Copies a whole table, with its memory record replaced by another map, and with records that point into
    /// memory which is gone pointing at the copies. A record whose target has no copy is left out: a pointer into
    /// SMRAM would read as all ones. Returns the new table's size.
    /// Throws `bootNoCorebootTable` when the source is malformed, `bootNoMemory` when the output has no room.
    public static func rewrite(
        _ source: Span<UInt8>, memory: borrowing MemoryMap, moved: borrowing MovedAreas,
        into output: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        let size = try totalSize(header: source)
        guard size <= source.count else { throw .bootNoCorebootTable }
        let body = source.extracting(headerSize..<size)
        var writer = CorebootTableWriter(output)
        var offset = 0
        while offset < body.count {
            let length = try recordLength(body, at: offset)
            let record = body.extracting(offset..<(offset + length))
            do { try copy(record, memory: memory, moved: moved, to: &writer) } catch { throw .bootNoMemory }
            offset += length
        }
        do { return try writer.finish() } catch { throw .bootNoMemory }
    }

    /// Writes a table whose only record says where the real table is. Returns its size.
    public static func writeForward(
        to address: UInt64, into output: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        var writer = CorebootTableWriter(output)
        do {
            try writer.writeForward(to: address)
            return try writer.finish()
        } catch { throw .bootNoMemory }
    }

    private static func copy(
        _ record: Span<UInt8>, memory: borrowing MemoryMap, moved: borrowing MovedAreas,
        to writer: inout CorebootTableWriter
    ) throws(ByteError) {
        let tag = record.littleEndian(at: 0, as: UInt32.self)
        if tag == CorebootTag.memory { return try write(memory, to: &writer) }
        guard CorebootTag.isPointer(tag), record.count >= 16 else {
            return try write(tag, record, from: 8, to: &writer)
        }
        let old = record.littleEndian(at: 8, as: UInt64.self)
        var new = moved.address(old)
        if tag == CorebootTag.rsdp, let root = moved.rootPointer { new = root }
        guard let new else { return }
        try writer.beginRecord(tag: tag)
        try writer.append(new)
        for index in 16..<record.count { try writer.append(record[index]) }
        try writer.endRecord()
    }

    private static func write(
        _ memory: borrowing MemoryMap, to writer: inout CorebootTableWriter
    ) throws(ByteError) {
        try writer.beginRecord(tag: CorebootTag.memory)
        for index in 0..<memory.count {
            let range = memory[index]
            try writer.writeMemoryRange(base: range.base, size: range.size, type: range.type)
        }
        try writer.endRecord()
    }

    private static func write(
        _ tag: UInt32, _ record: Span<UInt8>, from start: Int, to writer: inout CorebootTableWriter
    ) throws(ByteError) {
        try writer.beginRecord(tag: tag)
        for index in start..<record.count { try writer.append(record[index]) }
        try writer.endRecord()
    }
}

internal import ByteIO
public import SICEABI

extension CorebootTable {
    /// Copies a whole table, with its memory record replaced by another map. Returns the new table's size.
    /// Throws `bootNoCorebootTable` when the source is malformed, `bootNoMemory` when the output has no room.
    public static func rewrite(
        _ source: Span<UInt8>, memory: borrowing MemoryMap, into output: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        let size = try totalSize(header: source)
        guard size <= source.count else { throw .bootNoCorebootTable }
        let body = source.extracting(headerSize..<size)
        var writer = CorebootTableWriter(output)
        var offset = 0
        while offset < body.count {
            let length = try recordLength(body, at: offset)
            let record = body.extracting(offset..<(offset + length))
            do { try copy(record, memory: memory, to: &writer) } catch { throw .bootNoMemory }
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
        _ record: Span<UInt8>, memory: borrowing MemoryMap, to writer: inout CorebootTableWriter
    ) throws(ByteError) {
        let tag = record.littleEndian(at: 0, as: UInt32.self)
        try writer.beginRecord(tag: tag)
        if tag == CorebootTag.memory {
            for index in 0..<memory.count {
                let range = memory[index]
                try writer.writeMemoryRange(base: range.base, size: range.size, type: range.type)
            }
        } else {
            for index in 8..<record.count { try writer.append(record[index]) }
        }
        try writer.endRecord()
    }
}

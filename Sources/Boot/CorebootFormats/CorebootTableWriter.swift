public import ByteIO

/// Writes a coreboot table as coreboot's `write_coreboot_table` does (coreboot: src/commonlib/include/commonlib/
/// coreboot_tables.h): a header, then records of tag, size and content, each a multiple of four bytes.
///
/// Integers are little-endian; 64-bit fields are only 4-aligned. Every method throws `ByteError.noRoom` when the
/// memory is full.
public struct CorebootTableWriter: ~Copyable, ~Escapable {
    /// Bytes of the table header.
    public static let headerSize = 24

    private var bytes: MutableSpan<UInt8>
    private var used = headerSize
    private var records: UInt32 = 0
    /// Where the record under construction starts, 0 when there is none.
    private var recordStart = 0

    /// A table that will start at the first byte of `bytes`.
    @_lifetime(copy bytes)
    public init(_ bytes: consuming MutableSpan<UInt8>) {
        self.bytes = bytes
    }

    /// Starts a record; its fields follow by ``append(_:)``, ``endRecord()`` closes it.
    @_lifetime(self: copy self)
    public mutating func beginRecord(tag: UInt32) throws(ByteError) {
        recordStart = used
        try append(tag)
        try append(UInt32(0))
    }

    /// Appends a field to the record.
    @_lifetime(self: copy self)
    public mutating func append<T: FixedWidthInteger & UnsignedInteger>(_ value: T) throws(ByteError) {
        guard used + T.bitWidth / 8 <= bytes.count else { throw .noRoom }
        bytes.storeLittleEndian(value, at: used)
        used += T.bitWidth / 8
    }

    /// Appends text and the NUL that ends it.
    @_lifetime(self: copy self)
    public mutating func append(text: Span<UInt8>) throws(ByteError) {
        for index in 0..<text.count { try append(text[index]) }
        try append(UInt8(0))
    }

    /// Closes the record: pads it to four bytes and stores its size.
    @_lifetime(self: copy self)
    public mutating func endRecord() throws(ByteError) {
        while used % 4 != 0 { try append(UInt8(0)) }
        bytes.storeLittleEndian(UInt32(used - recordStart), at: recordStart + 4)
        records += 1
    }

    /// Writes the header with both checksums. Returns the table's size in bytes, header included.
    public consuming func finish() throws(ByteError) -> Int {
        guard bytes.count >= Self.headerSize else { throw .noRoom }
        let signature: InlineArray<4, UInt8> = [0x4C, 0x42, 0x49, 0x4F]  // "LBIO"
        for index in 0..<4 { bytes[index] = signature[index] }
        bytes.storeLittleEndian(UInt32(Self.headerSize), at: 4)
        bytes.storeLittleEndian(UInt32(0), at: 8)
        bytes.storeLittleEndian(UInt32(used - Self.headerSize), at: 12)
        let body = UInt32(checksum(from: Self.headerSize, to: used))
        bytes.storeLittleEndian(body, at: 16)
        bytes.storeLittleEndian(records, at: 20)
        bytes.storeLittleEndian(UInt32(checksum(from: 0, to: Self.headerSize)), at: 8)
        return used
    }

    /// The Internet checksum (RFC 1071) over little-endian words, as coreboot uses it; the range is even.
    private func checksum(from start: Int, to end: Int) -> UInt16 {
        var sum: UInt32 = 0
        var offset = start
        while offset + 1 < end {
            sum += UInt32(bytes[offset]) | UInt32(bytes[offset + 1]) << 8
            sum = (sum & 0xFFFF) + (sum >> 16)
            offset += 2
        }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}

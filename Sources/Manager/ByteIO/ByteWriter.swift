/// Writes integers and byte runs into memory of a fixed size.
public struct ByteWriter: ~Copyable, ~Escapable {
    private var bytes: MutableSpan<UInt8>
    /// Bytes written so far.
    public private(set) var count: Int

    @_lifetime(copy bytes)
    public init(_ bytes: consuming MutableSpan<UInt8>) {
        self.bytes = bytes
        self.count = 0
    }

    /// Appends one byte. Throws `ByteError.noRoom` at the end.
    @_lifetime(self: copy self)
    public mutating func write(_ byte: UInt8) throws(ByteError) {
        guard count < bytes.count else { throw .noRoom }
        bytes[count] = byte
        count += 1
    }

    /// Appends an integer, least significant byte first.
    @_lifetime(self: copy self)
    public mutating func writeLittleEndian<T: FixedWidthInteger & UnsignedInteger>(
        _ value: T
    ) throws(ByteError) {
        for index in 0..<(T.bitWidth / 8) {
            try write(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: index * 8)))
        }
    }

    /// Appends an integer, most significant byte first.
    @_lifetime(self: copy self)
    public mutating func writeBigEndian<T: FixedWidthInteger & UnsignedInteger>(
        _ value: T
    ) throws(ByteError) {
        for index in 0..<(T.bitWidth / 8) {
            try write(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: T.bitWidth - 8 - index * 8)))
        }
    }

    /// Appends bytes.
    @_lifetime(self: copy self)
    public mutating func write(_ source: Span<UInt8>) throws(ByteError) {
        guard source.count <= bytes.count - count else { throw .noRoom }
        for index in 0..<source.count { bytes[count + index] = source[index] }
        count += source.count
    }

    /// Replaces a 16-bit or 32-bit big-endian field that was written before (sizes known only at the end).
    @_lifetime(self: copy self)
    public mutating func patchBigEndian<T: FixedWidthInteger & UnsignedInteger>(
        _ value: T, at position: Int
    ) throws(ByteError) {
        guard position >= 0, position + T.bitWidth / 8 <= count else { throw .noRoom }
        for index in 0..<(T.bitWidth / 8) {
            bytes[position + index] = UInt8(
                truncatingIfNeeded: value >> T(truncatingIfNeeded: T.bitWidth - 8 - index * 8))
        }
    }
}

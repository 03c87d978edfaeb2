/// Reads integers and byte runs from bytes that may come from an attacker.
///
/// Every read is checked against the end; nothing is ever read twice from the outside, because the bytes are a
/// private copy by the time a reader sees them (invariant I1).
public struct ByteReader: ~Escapable {
    private let bytes: Span<UInt8>
    /// Bytes consumed so far.
    public private(set) var offset: Int

    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
        self.offset = 0
    }

    /// Bytes left.
    public var remaining: Int { bytes.count - offset }

    /// The next byte. Throws `ByteError.truncated` at the end.
    @_lifetime(self: copy self)
    public mutating func readByte() throws(ByteError) -> UInt8 {
        guard offset < bytes.count else { throw .truncated }
        let byte = bytes[offset]
        offset += 1
        return byte
    }

    /// The next integer, least significant byte first.
    @_lifetime(self: copy self)
    public mutating func readLittleEndian<T: FixedWidthInteger & UnsignedInteger>(
        _: T.Type
    ) throws(ByteError) -> T {
        var value: T = 0
        for index in 0..<(T.bitWidth / 8) {
            value |= T(truncatingIfNeeded: try readByte()) << T(truncatingIfNeeded: index * 8)
        }
        return value
    }

    /// The next integer, most significant byte first (TPM, CBOR, SELF, CBFS).
    @_lifetime(self: copy self)
    public mutating func readBigEndian<T: FixedWidthInteger & UnsignedInteger>(
        _: T.Type
    ) throws(ByteError) -> T {
        var value: T = 0
        for _ in 0..<(T.bitWidth / 8) {
            value = (T.bitWidth > 8 ? value << 8 : 0) | T(truncatingIfNeeded: try readByte())
        }
        return value
    }

    /// The next `count` bytes, as a part of the same memory.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    public mutating func readBytes(_ count: Int) throws(ByteError) -> Span<UInt8> {
        guard count >= 0, count <= remaining else { throw .truncated }
        let part = bytes.extracting(offset..<(offset + count))
        offset += count
        return part
    }

    /// Moves on without reading.
    @_lifetime(self: copy self)
    public mutating func skip(_ count: Int) throws(ByteError) {
        guard count >= 0, count <= remaining else { throw .truncated }
        offset += count
    }
}

/// What can go wrong with bytes.
public enum ByteError: Error, Equatable, Sendable {
    /// The bytes end before the value does.
    case truncated
    /// The output has no room.
    case noRoom
}

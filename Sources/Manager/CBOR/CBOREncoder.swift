public import ByteIO

/// Writes deterministically encoded CBOR (RFC 8949 §4.2.1) into memory of a fixed size.
///
/// Integers and lengths take the shortest form and there are only definite lengths, so a value has one encoding.
/// Two things are the caller's duty: a container gets exactly the number of items that it was opened with, and
/// the keys of a map come in the bytewise order of their encodings.
public struct CBOREncoder: ~Copyable, ~Escapable {
    private var writer: ByteWriter

    @_lifetime(copy bytes)
    public init(_ bytes: consuming MutableSpan<UInt8>) {
        writer = ByteWriter(bytes)
    }

    /// Bytes written so far.
    public var count: Int { writer.count }

    /// Writes an unsigned integer (major type 0). Every method throws `ByteError.noRoom` at the end of the room.
    @_lifetime(self: copy self)
    public mutating func encode(unsigned value: UInt64) throws(ByteError) {
        try head(.unsigned, value)
    }

    /// Writes a signed integer (major type 0 or 1).
    @_lifetime(self: copy self)
    public mutating func encode(signed value: Int64) throws(ByteError) {
        if value >= 0 {
            try head(.unsigned, UInt64(bitPattern: value))
        } else {
            // −1 − n is the complement of n in two's complement.
            try head(.negative, UInt64(bitPattern: ~value))
        }
    }

    /// Writes a byte string.
    @_lifetime(self: copy self)
    public mutating func encode(bytes value: Span<UInt8>) throws(ByteError) {
        try encodeBytesHead(count: value.count)
        try encode(raw: value)
    }

    /// Writes the head of a byte string of `count` bytes; the caller writes the bytes next.
    @_lifetime(self: copy self)
    public mutating func encodeBytesHead(count: Int) throws(ByteError) {
        try head(.bytes, UInt64(truncatingIfNeeded: count))
    }

    /// Writes a text string from its UTF-8 bytes.
    @_lifetime(self: copy self)
    public mutating func encode(text value: Span<UInt8>) throws(ByteError) {
        try head(.text, UInt64(truncatingIfNeeded: value.count))
        try encode(raw: value)
    }

    /// Opens an array of `count` items.
    @_lifetime(self: copy self)
    public mutating func encodeArrayHead(count: Int) throws(ByteError) {
        try head(.array, UInt64(truncatingIfNeeded: count))
    }

    /// Opens a map of `count` pairs.
    @_lifetime(self: copy self)
    public mutating func encodeMapHead(count: Int) throws(ByteError) {
        try head(.map, UInt64(truncatingIfNeeded: count))
    }

    /// Writes a tag; the tagged item comes next.
    @_lifetime(self: copy self)
    public mutating func encode(tag value: UInt64) throws(ByteError) {
        try head(.tag, value)
    }

    /// Writes bytes that are encoded CBOR, or the content of a string, as they are.
    @_lifetime(self: copy self)
    public mutating func encode(raw value: Span<UInt8>) throws(ByteError) {
        try writer.write(value)
    }

    @_lifetime(self: copy self)
    private mutating func head(_ type: CBORMajorType, _ value: UInt64) throws(ByteError) {
        let major = type.rawValue << 5
        switch value {
        case 0..<24:
            try writer.write(major | UInt8(truncatingIfNeeded: value))
        case 24...0xFF:
            try writer.write(major | 24)
            try writer.write(UInt8(truncatingIfNeeded: value))
        case 0x100...0xFFFF:
            try writer.write(major | 25)
            try writer.writeBigEndian(UInt16(truncatingIfNeeded: value))
        case 0x1_0000...0xFFFF_FFFF:
            try writer.write(major | 26)
            try writer.writeBigEndian(UInt32(truncatingIfNeeded: value))
        default:
            try writer.write(major | 27)
            try writer.writeBigEndian(value)
        }
    }
}

internal import ByteIO

/// Big-endian fields and sized buffers of TPM structures (Part 2, 10.4), each read checked against the end.
struct TPMReader: ~Escapable {
    private var reader: ByteReader

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) { reader = ByteReader(bytes) }

    var remaining: Int { reader.remaining }

    @_lifetime(self: copy self)
    mutating func read<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type) throws(TPMStructureError) -> T
    {
        do { return try reader.readBigEndian(type) } catch { throw .truncated }
    }

    @_lifetime(copy self)
    @_lifetime(self: copy self)
    mutating func readBytes(_ count: Int) throws(TPMStructureError) -> Span<UInt8> {
        do { return try reader.readBytes(count) } catch { throw .truncated }
    }

    /// The contents of a TPM2B.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    mutating func readSized() throws(TPMStructureError) -> Span<UInt8> {
        let size = try read(UInt16.self)
        return try readBytes(Int(size))
    }

    /// A field that must have one value.
    @_lifetime(self: copy self)
    mutating func expect<T: FixedWidthInteger & UnsignedInteger>(_ value: T) throws(TPMStructureError) {
        guard try read(T.self) == value else { throw .unsupported }
    }

    func finish() throws(TPMStructureError) {
        guard remaining == 0 else { throw .trailingBytes }
    }
}

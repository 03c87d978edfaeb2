import ByteIO
public import SICEABI

/// The header of an answer and a reader of what follows it. The bytes come from a device: a size that does
/// not match what arrived is `tpmCommandFailed`, and nothing behind the declared size is ever read.
public struct TPMResponse: ~Escapable {
    /// TPM_RC; 0 is success.
    public let code: UInt32
    /// Whether an authorization area follows the parameters.
    public let hasSessions: Bool
    private var reader: ByteReader

    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        reader = ByteReader(bytes)
        let tag: UInt16
        let size: UInt32
        do {
            tag = try reader.readBigEndian(UInt16.self)
            size = try reader.readBigEndian(UInt32.self)
            code = try reader.readBigEndian(UInt32.self)
        } catch { throw .tpmCommandFailed }
        hasSessions = tag == TPMTag.sessions
        // A TPM answers TPM_RC_BAD_TAG with the tag of TPM 1.2 (Part 1 §18.2); success never has it.
        guard Int(size) == bytes.count, hasSessions || tag == TPMTag.noSessions || code != 0 else {
            throw .tpmCommandFailed
        }
    }

    /// The next integer.
    @_lifetime(self: copy self)
    public mutating func read<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type) throws(ErrorCode) -> T {
        do { return try reader.readBigEndian(type) } catch { throw .tpmCommandFailed }
    }

    /// Bytes behind what was read, authorization area included.
    public var remaining: Int { reader.remaining }

    /// Moves on without reading.
    @_lifetime(self: copy self)
    public mutating func skip(_ count: Int) throws(ErrorCode) {
        do { try reader.skip(count) } catch { throw .tpmCommandFailed }
    }

    /// The next `count` bytes.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    public mutating func readBytes(_ count: Int) throws(ErrorCode) -> Span<UInt8> {
        do { return try reader.readBytes(count) } catch { throw .tpmCommandFailed }
    }

    /// The contents of a TPM2B.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    public mutating func readSized() throws(ErrorCode) -> Span<UInt8> {
        let size = try read(UInt16.self)
        return try readBytes(Int(size))
    }
}

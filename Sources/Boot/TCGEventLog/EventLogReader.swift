internal import ByteIO
public import SICEABI

/// Reads the log's events one by one, as a verifier must: nothing is skipped, nothing may follow.
///
/// Logs of other banks than SHA-256 are refused: nobody here would check their digests.
public struct EventLogReader: ~Escapable {
    private let log: Span<UInt8>
    private var reader: ByteReader
    /// Bytes of the Spec ID event at the start (TCG PC Client Platform Firmware Profile, §10.4.5.1).
    public let headerSize: Int

    /// Reads the Spec ID event. Throws `evidenceTruncated` or `evidenceMalformedLog`.
    @_lifetime(copy log)
    public init(_ log: Span<UInt8>) throws(ErrorCode) {
        guard log.count >= EventLogFormat.specIDEventSize else { throw .evidenceTruncated }
        let size: Int
        do { size = try EventLog.sizeOfSpecID(log) } catch { throw .evidenceMalformedLog }
        self.log = log
        headerSize = size
        reader = ByteReader(log.extracting(size..<log.count))
    }

    /// The next event, nil at the end. Throws `evidenceTruncated` or `evidenceMalformedLog`.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    public mutating func next() throws(ErrorCode) -> LoggedEvent? {
        if reader.remaining == 0 { return nil }
        let pcr = try read(UInt32.self)
        let type = try read(UInt32.self)
        guard try read(UInt32.self) == 1, try read(UInt16.self) == EventLogFormat.sha256 else {
            throw .evidenceMalformedLog
        }
        let digest = try readBytes(32)
        let size = try read(UInt32.self)
        return LoggedEvent(pcr: pcr, type: type, digest: digest, data: try readBytes(Int(size)))
    }

    @_lifetime(self: copy self)
    private mutating func read<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type) throws(ErrorCode) -> T
    {
        do { return try reader.readLittleEndian(type) } catch { throw .evidenceTruncated }
    }

    @_lifetime(copy self)
    @_lifetime(self: copy self)
    private mutating func readBytes(_ count: Int) throws(ErrorCode) -> Span<UInt8> {
        do { return try reader.readBytes(count) } catch { throw .evidenceTruncated }
    }
}

/// One event (TCG_PCR_EVENT2, §10.2.2).
public struct LoggedEvent: ~Escapable {
    public let pcr: UInt32
    /// What the log's writer calls it; nothing vouches for that.
    public let type: UInt32
    /// SHA-256, 32 bytes.
    public let digest: Span<UInt8>
    public let data: Span<UInt8>

    @_lifetime(copy digest, copy data)
    init(pcr: UInt32, type: UInt32, digest: Span<UInt8>, data: Span<UInt8>) {
        self.pcr = pcr
        self.type = type
        self.digest = digest
        self.data = data
    }
}

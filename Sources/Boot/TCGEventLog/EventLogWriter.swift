internal import ByteIO
public import SICEABI

/// Writes a crypto-agile event log with a SHA-256 bank into an area of fixed size, or goes on with one that
/// earlier firmware began.
public struct EventLogWriter: ~Copyable, ~Escapable {
    private var area: MutableSpan<UInt8>
    /// Bytes of the log so far.
    public private(set) var count: Int

    /// Begins a log: clears the area and writes the Spec ID event. Throws `bootLogUnusable` when it has no room.
    @_lifetime(copy area)
    public init(beginning area: consuming MutableSpan<UInt8>) throws(ErrorCode) {
        guard area.count >= EventLogFormat.specIDEventSize else { throw .bootLogUnusable }
        self.area = area
        self.count = 0
        for index in 0..<self.area.count { self.area[index] = 0 }
        writeSpecID()
    }

    /// Goes on with the log in the area. Throws `bootLogUnusable` when it is not one of a SHA-256 bank alone:
    /// an event without a digest of every bank would make the whole log unreadable.
    @_lifetime(copy area)
    public init(resuming area: consuming MutableSpan<UInt8>) throws(ErrorCode) {
        self.count = try EventLog.size(of: area.span)
        self.area = area
    }

    /// Begins a log with a copy of another one. Throws `bootLogUnusable` as ``init(resuming:)`` does, and when
    /// the other log does not fit.
    @_lifetime(copy area)
    public init(continuing log: Span<UInt8>, in area: consuming MutableSpan<UInt8>) throws(ErrorCode) {
        let size = try EventLog.size(of: log)
        guard size <= area.count else { throw .bootLogUnusable }
        self.count = size
        self.area = area
        for index in 0..<self.area.count { self.area[index] = index < size ? log[index] : 0 }
    }

    /// Appends an event (TCG_PCR_EVENT2, §10.2.2). `digest` has 32 bytes. Throws `bootLogUnusable` when the
    /// area is full; the log is unchanged then.
    @_lifetime(self: copy self)
    public mutating func append(
        pcr: UInt32, type: UInt32, digest: Span<UInt8>, data: Span<UInt8>
    ) throws(ErrorCode) {
        let size = EventLogFormat.eventHeaderSize + data.count
        guard digest.count == 32, size <= area.count - count else { throw .bootLogUnusable }
        area.storeLittleEndian(pcr, at: count)
        area.storeLittleEndian(type, at: count + 4)
        area.storeLittleEndian(UInt32(1), at: count + 8)
        area.storeLittleEndian(EventLogFormat.sha256, at: count + 12)
        store(digest, at: count + 14)
        area.storeLittleEndian(UInt32(data.count), at: count + 46)
        store(data, at: count + EventLogFormat.eventHeaderSize)
        count += size
    }

    /// TCG_EfiSpecIDEventStruct (§10.4.5.1): client platform, specification 2.00, 64-bit, one algorithm.
    @_lifetime(self: copy self)
    private mutating func writeSpecID() {
        area.storeLittleEndian(EventType.noAction, at: 4)
        let data = EventLogFormat.legacyHeaderSize
        area.storeLittleEndian(UInt32(EventLogFormat.specIDEventSize - data), at: data - 4)
        for index in 0..<16 { area[data + index] = EventLogFormat.signature[index] }
        area[data + 21] = 2  // specVersionMajor
        area[data + 23] = 2  // uintnSize: 64 bits
        area.storeLittleEndian(UInt32(1), at: data + EventLogFormat.algorithmCount)
        area.storeLittleEndian(EventLogFormat.sha256, at: data + EventLogFormat.algorithms)
        area.storeLittleEndian(UInt16(32), at: data + EventLogFormat.algorithms + 2)
        count = EventLogFormat.specIDEventSize
    }

    @_lifetime(self: copy self)
    private mutating func store(_ bytes: Span<UInt8>, at offset: Int) {
        for index in 0..<bytes.count { area[offset + index] = bytes[index] }
    }
}

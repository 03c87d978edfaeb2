internal import ByteIO
public import SICEABI

/// Finds the end of a log that others wrote.
public enum EventLog {
    /// Bytes of the log at the start of an area whose rest is zero. Throws `bootLogUnusable` unless it begins
    /// with a Spec ID event that names SHA-256 alone and every event fits.
    public static func size(of area: Span<UInt8>) throws(ErrorCode) -> Int {
        var offset = try sizeOfSpecID(area)
        while let next = try endOfEvent(area, at: offset) { offset = next }
        return offset
    }

    static func sizeOfSpecID(_ area: Span<UInt8>) throws(ErrorCode) -> Int {
        let data = EventLogFormat.legacyHeaderSize
        guard area.count >= EventLogFormat.specIDEventSize else { throw .bootLogUnusable }
        let size = Int(area.littleEndian(at: data - 4, as: UInt32.self))
        guard area.littleEndian(at: 0, as: UInt32.self) == 0,
            area.littleEndian(at: 4, as: UInt32.self) == EventType.noAction,
            size >= EventLogFormat.algorithms + 5, size <= area.count - data
        else { throw .bootLogUnusable }
        for index in 0..<16 where area[data + index] != EventLogFormat.signature[index] {
            throw .bootLogUnusable
        }
        guard area.littleEndian(at: data + EventLogFormat.algorithmCount, as: UInt32.self) == 1,
            area.littleEndian(at: data + EventLogFormat.algorithms, as: UInt16.self) == EventLogFormat.sha256,
            area.littleEndian(at: data + EventLogFormat.algorithms + 2, as: UInt16.self) == 32
        else { throw .bootLogUnusable }
        return data + size
    }

    /// Where the event at an offset ends; nil when the log ends there: no room for a header, or no digest.
    private static func endOfEvent(_ area: Span<UInt8>, at offset: Int) throws(ErrorCode) -> Int? {
        guard area.count - offset >= EventLogFormat.eventHeaderSize else { return nil }
        let digests = area.littleEndian(at: offset + 8, as: UInt32.self)
        guard digests != 0 else { return nil }
        let size = Int(area.littleEndian(at: offset + 46, as: UInt32.self))
        guard digests == 1,
            area.littleEndian(at: offset + 12, as: UInt16.self) == EventLogFormat.sha256,
            size <= area.count - offset - EventLogFormat.eventHeaderSize
        else { throw .bootLogUnusable }
        return offset + EventLogFormat.eventHeaderSize + size
    }
}

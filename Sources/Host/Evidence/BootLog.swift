internal import Bytes
public import Diagnostics
internal import SICEABI
internal import TCGEventLog

/// An event log taken apart.
public struct BootLog: Equatable, Sendable {
    public struct Event: Equatable, Sendable {
        public var pcr: UInt32
        public var type: UInt32
        public var digest: [UInt8]
        public var data: [UInt8]

        public init(pcr: UInt32, type: UInt32, digest: [UInt8], data: [UInt8]) {
            self.pcr = pcr
            self.type = type
            self.digest = digest
            self.data = data
        }
    }

    /// The Spec ID event at the start.
    public let header: [UInt8]
    public let events: [Event]

    /// Takes a log apart. Throws `evidenceTruncated` or `evidenceMalformedLog`.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        var events: [Event] = []
        do throws(ErrorCode) {
            var reader = try EventLogReader(bytes.span)
            header = Array(bytes[..<reader.headerSize])
            while let event = try reader.next() {
                events.append(
                    Event(
                        pcr: event.pcr, type: event.type, digest: [UInt8](event.digest),
                        data: [UInt8](event.data)))
            }
        } catch { throw ToolError(error, "event log") }
        self.events = events
    }

    /// A log of these events behind the Spec ID event that firmware here writes.
    public init(events: [Event]) {
        var area = [UInt8](repeating: 0, count: EventLogFormat.specIDEventSize)
        do { _ = try EventLogWriter(beginning: area.mutableSpan) } catch {
            preconditionFailure("the area has the header's size")
        }
        self.init(header: area, events: events)
    }

    /// A log with another header.
    public init(header: [UInt8], events: [Event]) {
        self.header = header
        self.events = events
    }

    /// The log. Throws `bootLogUnusable` for a digest of another size than 32 bytes, or a header that no log has.
    public var bytes: [UInt8] {
        get throws(ToolError) {
            let room = events.reduce(header.count) { $0 + EventLogFormat.eventHeaderSize + $1.data.count }
            var area = [UInt8](repeating: 0, count: room)
            do throws(ErrorCode) {
                var writer = try EventLogWriter(continuing: header.span, in: area.mutableSpan)
                for event in events {
                    try writer.append(
                        pcr: event.pcr, type: event.type, digest: event.digest.span, data: event.data.span)
                }
            } catch { throw ToolError(error, "event log") }
            return area
        }
    }

    /// The value that a PCR has after the log's events; it starts with zeros.
    public func replay(pcr: Int) -> [UInt8] {
        var register = ReplayedPCR()
        for event in events where event.pcr == UInt32(pcr) { register.extend(event.digest.span) }
        let value = register.value
        return [UInt8](value.span)
    }
}

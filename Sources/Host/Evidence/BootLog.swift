internal import Bytes
internal import Crypto
public import Diagnostics
internal import EventLog
internal import SICEABI

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

    /// The value that a PCR has after the log's events; it starts with zeros.
    public func replay(pcr: Int) -> [UInt8] {
        events.filter { $0.pcr == UInt32(pcr) }.reduce([UInt8](repeating: 0, count: 32)) {
            SHA256.extend($0, with: $1.digest)
        }
    }
}

internal import ByteIO
internal import Crypto
public import Diagnostics
public import SICEABI

/// The manager's run-time log, or its end.
public struct RuntimeLog: Equatable, Sendable {
    public struct Entry: Equatable, Sendable {
        public let sequence: UInt64
        public let event: LogEvent
        public let error: UInt16
        public let environment: UInt32
        public let details: [UInt64]
        public let digest: [UInt8]
    }

    public let entries: [Entry]
    /// Chain value after the last entry.
    public let head: [UInt8]

    /// Number of the first entry, and the one after the last; 0 and 0 for a log without entries.
    public var start: UInt64 { entries.first?.sequence ?? 0 }
    public var end: UInt64 { entries.last.map { $0.sequence &+ 1 } ?? 0 }

    /// Takes entries apart and hashes on from the chain value before them.
    /// Throws `evidenceMalformedRuntimeLog`, `evidenceTruncated`.
    public init(_ bytes: [UInt8], base: [UInt8]) throws(ToolError) {
        guard bytes.count % LogEntryLayout.size == 0 else {
            throw ToolError(.evidenceTruncated, "run-time log")
        }
        var entries: [Entry] = []
        var head = base
        for start in stride(from: 0, to: bytes.count, by: LogEntryLayout.size) {
            let bytes = Array(bytes[start..<(start + LogEntryLayout.size)])
            let entry = try Entry(bytes)
            if let last = entries.last, entry.sequence != last.sequence &+ 1 {
                throw ToolError(
                    .evidenceMalformedRuntimeLog, "entry \(entry.sequence) after \(last.sequence)")
            }
            entries.append(entry)
            head = SHA256.hash(head + bytes)
        }
        self.entries = entries
        self.head = head
    }
}

extension RuntimeLog.Entry {
    init(_ bytes: [UInt8]) throws(ToolError) {
        let fields = bytes.span
        let number = fields.littleEndian(at: LogEntryLayout.event, as: UInt16.self)
        guard let event = LogEvent(rawValue: number) else {
            throw ToolError(.evidenceMalformedRuntimeLog, "event \(number)")
        }
        self.event = event
        sequence = fields.littleEndian(at: LogEntryLayout.sequence, as: UInt64.self)
        error = fields.littleEndian(at: LogEntryLayout.error, as: UInt16.self)
        environment = fields.littleEndian(at: LogEntryLayout.environment, as: UInt32.self)
        details = [LogEntryLayout.detail0, LogEntryLayout.detail1].map {
            bytes.span.littleEndian(at: $0, as: UInt64.self)
        }
        digest = Array(bytes[LogEntryLayout.digest...])
    }
}

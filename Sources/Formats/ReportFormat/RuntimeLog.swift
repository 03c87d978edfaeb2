public import Diagnostics
internal import SICEABI

/// The manager's run-time log, or its end.
public struct RuntimeLog: Equatable, Sendable {
    public let entries: [RuntimeLogEntry]
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
        var entries: [RuntimeLogEntry] = []
        var head = base
        for start in stride(from: 0, to: bytes.count, by: LogEntryLayout.size) {
            let bytes = Array(bytes[start..<(start + LogEntryLayout.size)])
            let entry = try RuntimeLogEntry(bytes)
            if let last = entries.last, entry.sequence != last.sequence &+ 1 {
                throw ToolError(
                    .evidenceMalformedRuntimeLog, "entry \(entry.sequence) after \(last.sequence)")
            }
            entries.append(entry)
            head = RuntimeLogChain.value(after: head, bytes)
        }
        self.entries = entries
        self.head = head
    }
}

internal import ReportFormat
internal import SICEABI

/// Entries of the run-time log in a row, as the manager gave them away.
public struct RuntimeLogCopy: Equatable, Sendable {
    /// Number of the first of them.
    let first: UInt64
    /// Chain value before the first of them.
    public let base: [UInt8]
    /// Entries of ``SICEABI/LogEntryLayout/size`` bytes.
    public private(set) var entries: [UInt8] = []

    init(first: UInt64, base: [UInt8]) {
        self.first = first
        self.base = base
    }

    /// Number of the entry after the last.
    var end: UInt64 { first + UInt64(entries.count / LogEntryLayout.size) }

    mutating func append(_ entry: [UInt8]) { entries += entry }

    /// The same log from another entry on, which it has or follows it: the chain goes over those before.
    func starting(at sequence: UInt64) -> RuntimeLogCopy {
        let count = Int(sequence - first) * LogEntryLayout.size
        var chain = base
        for offset in stride(from: 0, to: count, by: LogEntryLayout.size) {
            chain = RuntimeLogChain.value(after: chain, entries[offset..<offset + LogEntryLayout.size])
        }
        var rest = RuntimeLogCopy(first: sequence, base: chain)
        rest.append(Array(entries[count...]))
        return rest
    }
}

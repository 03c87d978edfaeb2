import ByteIO
import SICEABI

/// The run-time log: every launch, end, refusal and unexpected reset since boot.
///
/// A hash chain covers all entries that ever were; the last ``ABI/logCapacity`` are kept for reading, together
/// with the chain's value before them, so that a reader can go from there to the head that a report signs.
struct RuntimeLog: ~Copyable {
    /// Two pool pages that hold the entries, 64 bytes each.
    private let first: PoolPage
    private let second: PoolPage
    /// Entries ever written.
    private(set) var count: UInt64 = 0
    /// Chain value over all entries.
    var head = InlineArray<32, UInt8>(repeating: 0)
    /// Chain value before the oldest entry that is kept.
    var base = InlineArray<32, UInt8>(repeating: 0)

    private static let capacity = UInt64(ABI.logCapacity)
    private static let entriesPerPage = 4096 / LogEntryLayout.size

    init(first: PoolPage, second: PoolPage) {
        self.first = first
        self.second = second
    }

    /// Sequence number of the oldest entry that is kept.
    var oldest: UInt64 { count > Self.capacity ? count &- Self.capacity : 0 }

    /// Appends an entry with its sequence number set.
    mutating func append(
        _ entry: consuming LogEntry, machine: inout some PoolMachine & DigestMachine & ~Copyable
    ) {
        if count >= Self.capacity {
            // The oldest entry makes room: the chain's start moves over it.
            var old = LogEntry()
            copyEntry(oldest, into: &old, machine: machine)
            Self.extend(&base, with: &old, machine: &machine)
        }
        entry.store(count, at: LogEntryLayout.sequence)
        Self.extend(&head, with: &entry, machine: &machine)
        let (page, offset) = place(of: count)
        machine.store(entry.bytes.span, at: offset, of: page)
        count &+= 1
    }

    /// Copies a kept entry. Throws `invalidArgument` for one not yet written, `logEntryGone` for one not kept.
    mutating func read(
        _ sequence: UInt64, into entry: inout LogEntry, machine: borrowing some PoolMachine & ~Copyable
    ) throws(ErrorCode) {
        guard sequence < count else { throw .invalidArgument }
        guard sequence >= oldest else { throw .logEntryGone }
        copyEntry(sequence, into: &entry, machine: machine)
    }

    private func copyEntry(
        _ sequence: UInt64, into entry: inout LogEntry, machine: borrowing some PoolMachine & ~Copyable
    ) {
        let (page, offset) = place(of: sequence)
        let bytes = machine.bytes(of: page)
        for index in 0..<LogEntryLayout.size { entry.bytes[index] = bytes[offset &+ index] }
    }

    private func place(of sequence: UInt64) -> (PoolPage, Int) {
        let index = Int(truncatingIfNeeded: sequence % Self.capacity)
        let page = index < Self.entriesPerPage ? first : second
        return (page, index % Self.entriesPerPage &* LogEntryLayout.size)
    }

    /// chain = SHA-256(chain ‖ entry)
    private static func extend(
        _ chain: inout InlineArray<32, UInt8>, with entry: inout LogEntry,
        machine: inout some DigestMachine & ~Copyable
    ) {
        machine.beginDigest(.scratch)
        machine.updateDigest(.scratch, with: chain.span)
        machine.updateDigest(.scratch, with: entry.bytes.span)
        var digest = chain.mutableSpan
        machine.finishDigest(.scratch, into: &digest)
    }
}

/// One entry; layout in ``LogEntryLayout``.
struct LogEntry: ~Copyable {
    var bytes = InlineArray<64, UInt8>(repeating: 0)

    init() {}

    init(_ event: LogEvent, environment: UInt32, detail0: UInt64 = 0, detail1: UInt64 = 0) {
        store(event.rawValue, at: LogEntryLayout.event)
        store(environment, at: LogEntryLayout.environment)
        store(detail0, at: LogEntryLayout.detail0)
        store(detail1, at: LogEntryLayout.detail1)
    }

    mutating func store<T: FixedWidthInteger & UnsignedInteger>(_ value: T, at offset: Int) {
        var span = bytes.mutableSpan
        span.storeLittleEndian(value, at: offset)
    }

    mutating func setDigest(_ digest: InlineArray<32, UInt8>) {
        for index in 0..<digest.count { bytes[LogEntryLayout.digest &+ index] = digest[index] }
    }
}

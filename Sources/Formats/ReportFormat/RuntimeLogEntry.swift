internal import ByteIO
internal import Bytes
public import Diagnostics
internal import SHA2
public import SICEABI

/// One entry of the manager's run-time log, ``SICEABI/LogEntryLayout``.
public struct RuntimeLogEntry: Equatable, Sendable {
    public var sequence: UInt64
    public var event: LogEvent
    /// Number of an ``SICEABI/ErrorCode``, 0 if none.
    public var error: UInt16 = 0
    public var environment: UInt32 = 0
    public var details: [UInt64] = [0, 0]
    /// The environment's measurement, or zeros.
    public var digest = [UInt8](repeating: 0, count: ABI.digestSize)

    public init(sequence: UInt64, event: LogEvent) {
        self.sequence = sequence
        self.event = event
    }

    /// Takes one entry apart. Throws `evidenceTruncated` for another size, `evidenceMalformedRuntimeLog` for an
    /// event that is not known.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        guard bytes.count == LogEntryLayout.size else { throw ToolError(.evidenceTruncated, "run-time log") }
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

    /// The entry as the manager writes it.
    public var bytes: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: LogEntryLayout.size)
        var fields = bytes.mutableSpan
        fields.storeLittleEndian(sequence, at: LogEntryLayout.sequence)
        fields.storeLittleEndian(event.rawValue, at: LogEntryLayout.event)
        fields.storeLittleEndian(error, at: LogEntryLayout.error)
        fields.storeLittleEndian(environment, at: LogEntryLayout.environment)
        fields.storeLittleEndian(details[0], at: LogEntryLayout.detail0)
        fields.storeLittleEndian(details[1], at: LogEntryLayout.detail1)
        for index in digest.indices { fields[LogEntryLayout.digest + index] = digest[index] }
        return bytes
    }
}

/// The hash chain over the run-time log.
public enum RuntimeLogChain {
    /// Chain value before the first entry.
    public static let start = [UInt8](repeating: 0, count: ABI.digestSize)

    /// The value after one more entry: SHA-256(value ‖ entry).
    public static func value(after value: [UInt8], _ entry: some Sequence<UInt8>) -> [UInt8] {
        let link = value + entry
        let digest = SHA256.hash(link.span)
        return [UInt8](digest.span)
    }
}

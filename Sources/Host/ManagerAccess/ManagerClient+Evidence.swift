internal import CBOR
public import Diagnostics
internal import ReportFormat
internal import SICEABI

/// What the manager says about an environment.
public struct ReportedStatement: Equatable, Sendable {
    /// COSE_Sign1.
    public let report: [UInt8]
    /// Uncompressed P-256 point.
    public let reportKey: [UInt8]
    /// The log that the report speaks of.
    public let log: RuntimeLogCopy
}

extension ManagerClient {
    /// A signed report about an environment: COSE_Sign1. Throws `invalidArgument` for a nonce of another length.
    public func report(_ identifier: UInt32, nonce: [UInt8]) throws(ToolError) -> [UInt8] {
        guard nonce.count == ABI.nonceSize else {
            throw ToolError(.invalidArgument, "the nonce has \(nonce.count) bytes, not \(ABI.nonceSize)")
        }
        connection.write(nonce[...], at: AreaLayout.input)
        let request = ManagerRegisters(
            .report, rcx: UInt64(identifier), rdx: address(AreaLayout.input),
            rsi: address(AreaLayout.output), rdi: UInt64(ABI.maximumReportSize))
        let length = try call(request, "environment \(identifier)").rbx
        guard length <= UInt64(ABI.maximumReportSize) else {
            throw ToolError(.managerFault, "a report of \(length) bytes")
        }
        return connection.read(Int(length), at: AreaLayout.output)
    }

    /// The public key that signs reports: an uncompressed P-256 point.
    public func reportKey() throws(ToolError) -> [UInt8] {
        try call(ManagerRegisters(.reportKey, rcx: address(AreaLayout.output)))
        return connection.read(ABI.publicKeySize, at: AreaLayout.output)
    }

    /// A report, its key, and the run-time log up to exactly the entry that the report counts last.
    ///
    /// Guests on other cores write to the log at any time. So the log is copied before the report, which may drop the
    /// oldest entries, and what the report counts beyond the copy is read after it. It is made again when an entry went
    /// before it was read: throws `logEntryGone` when that happened ``mostAttempts`` times.
    public func statement(_ identifier: UInt32, nonce: [UInt8]) throws(ToolError) -> ReportedStatement {
        let key = try reportKey()
        for _ in 0..<Self.mostAttempts {
            guard let copy = try runtimeLog() else { continue }
            let report = try report(identifier, nonce: nonce)
            if let log = try self.log(copy, asCountedBy: report) {
                return ReportedStatement(report: report, reportKey: key, log: log)
            }
        }
        throw ToolError(.logEntryGone, "the log outran each of \(Self.mostAttempts) reports")
    }

    private static var mostAttempts: Int { 16 }

    /// Brings a copy of the log to what the manager kept when it signed a report; nil when an entry is gone meanwhile.
    private func log(
        _ copy: RuntimeLogCopy, asCountedBy report: [UInt8]
    ) throws(ToolError) -> RuntimeLogCopy? {
        let count: UInt64
        do throws(CBORError) { count = try ReportEnvelope(report).logCount } catch {
            throw ToolError(.managerFault, "a report that cannot be read: \(error)")
        }
        guard count >= copy.end else {
            throw ToolError(.managerFault, "a report counts \(count) log entries after \(copy.end)")
        }
        guard let log = try read(upTo: count, after: copy) else { return nil }
        let capacity = UInt64(ABI.logCapacity)
        return log.starting(at: max(log.first, count > capacity ? count - capacity : 0))
    }

    /// All entries that are kept at this moment; nil when one of them is gone before it is read.
    private func runtimeLog() throws(ToolError) -> RuntimeLogCopy? {
        let bounds = try call(ManagerRegisters(.logBase, rcx: address(AreaLayout.output)))
        guard bounds.rcx >= bounds.rbx, bounds.rcx - bounds.rbx <= UInt64(ABI.logCapacity) else {
            throw ToolError(.managerFault, "log entries \(bounds.rbx) to \(bounds.rcx)")
        }
        let base = connection.read(ABI.digestSize, at: AreaLayout.output)
        return try read(upTo: bounds.rcx, after: RuntimeLogCopy(first: bounds.rbx, base: base))
    }

    /// The same log with the entries that follow; nil when one of them is gone.
    private func read(
        upTo end: UInt64, after log: RuntimeLogCopy
    ) throws(ToolError) -> RuntimeLogCopy? {
        var log = log
        while log.end < end {
            do throws(ToolError) {
                try call(ManagerRegisters(.readLog, rcx: log.end, rdx: address(AreaLayout.output)))
            } catch {
                if error.code == .logEntryGone { return nil }
                throw error
            }
            log.append(connection.read(LogEntryLayout.size, at: AreaLayout.output))
        }
        return log
    }
}

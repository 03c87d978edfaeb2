public import Diagnostics
internal import SICEABI

/// The entries of the run-time log that the manager still keeps.
public struct RuntimeLogCopy: Equatable, Sendable {
    /// Chain value before the first of them.
    public let base: [UInt8]
    /// Entries of ``SICEABI/LogEntryLayout/size`` bytes.
    public let entries: [UInt8]
}

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

    /// A report, its key, and the run-time log up to exactly the entry that the report counts last. Guests on
    /// other cores write to the log at any time; a statement that one of them cut through is made again.
    ///
    /// Throws `logEntryGone` when the log did not rest through any of ``mostAttempts``.
    public func statement(_ identifier: UInt32, nonce: [UInt8]) throws(ToolError) -> ReportedStatement {
        let key = try reportKey()
        var before = try logBounds().upperBound
        for _ in 0..<Self.mostAttempts {
            let report = try report(identifier, nonce: nonce)
            let bounds = try logBounds()
            if bounds.upperBound == before, let log = try runtimeLog(bounds) {
                return ReportedStatement(report: report, reportKey: key, log: log)
            }
            before = bounds.upperBound
        }
        throw ToolError(.logEntryGone, "the log grew during each of \(Self.mostAttempts) reports")
    }

    private static var mostAttempts: Int { 16 }

    /// Numbers of the entries that are kept. Leaves the chain value before them in the output area.
    private func logBounds() throws(ToolError) -> Range<UInt64> {
        let start = try call(ManagerRegisters(.logBase, rcx: address(AreaLayout.output)))
        guard start.rcx >= start.rbx, start.rcx - start.rbx <= UInt64(ABI.logCapacity) else {
            throw ToolError(.managerFault, "log entries \(start.rbx) to \(start.rcx)")
        }
        return start.rbx..<start.rcx
    }

    /// The entries of bounds that were just asked for; nil when one of them is gone meanwhile.
    private func runtimeLog(_ bounds: Range<UInt64>) throws(ToolError) -> RuntimeLogCopy? {
        let base = connection.read(ABI.digestSize, at: AreaLayout.output)
        var entries: [UInt8] = []
        for sequence in bounds {
            do throws(ToolError) {
                try call(ManagerRegisters(.readLog, rcx: sequence, rdx: address(AreaLayout.output)))
            } catch {
                if error.code == .logEntryGone { return nil }
                throw error
            }
            entries += connection.read(LogEntryLayout.size, at: AreaLayout.output)
        }
        return RuntimeLogCopy(base: base, entries: entries)
    }
}

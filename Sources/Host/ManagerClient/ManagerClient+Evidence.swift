public import Diagnostics
internal import SICEABI

/// The entries of the run-time log that the manager still keeps.
public struct RuntimeLogCopy: Equatable, Sendable {
    /// Chain value before the first of them.
    public let base: [UInt8]
    /// Entries of ``SICEABI/LogEntryLayout/size`` bytes.
    public let entries: [UInt8]
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

    /// The run-time log. Nothing may call the manager between this and the report that it goes with.
    public func runtimeLog() throws(ToolError) -> RuntimeLogCopy {
        let start = try call(ManagerRegisters(.logBase, rcx: address(AreaLayout.output)))
        let base = connection.read(ABI.digestSize, at: AreaLayout.output)
        guard start.rcx >= start.rbx, start.rcx - start.rbx <= UInt64(ABI.logCapacity) else {
            throw ToolError(.managerFault, "log entries \(start.rbx) to \(start.rcx)")
        }
        var entries: [UInt8] = []
        for sequence in start.rbx..<start.rcx {
            try call(ManagerRegisters(.readLog, rcx: sequence, rdx: address(AreaLayout.output)))
            entries += connection.read(LogEntryLayout.size, at: AreaLayout.output)
        }
        return RuntimeLogCopy(base: base, entries: entries)
    }
}

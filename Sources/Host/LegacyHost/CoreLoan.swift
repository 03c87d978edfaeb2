public import Diagnostics
internal import Glibc
public import ManagerAccess
internal import SICEABI

/// Lending a CPU of Linux to an environment, and taking it back. Call these inside ``HostSession/run(_:)``.
public enum CoreLoan {
    private static let file = HostSession.folder + "/cores"

    private static func ledger() -> CoreLedger {
        let bytes = (try? InputFile.read(file, limit: 1 << 16)) ?? []
        return CoreLedger(String(decoding: bytes, as: UTF8.self))
    }

    private static func save(_ ledger: CoreLedger) throws(ToolError) {
        try OutputFile.write(Array(ledger.text.utf8), to: file)
    }

    /// Takes the CPU from Linux and launches the environment on it. When the manager refuses, Linux has it back.
    public static func launch(
        _ identifier: UInt32, on number: Int, _ client: borrowing ManagerClient<MachineConnection>
    ) throws(ToolError) {
        let core = try HostCore(number)
        // Before anything is taken away: an environment that could not go there anyway.
        let record = try client.environment(identifier)
        guard record.state == .runnable else { throw ToolError(.wrongState, "environment \(identifier)") }
        var ledger = ledger()
        ledger.add(
            CoreLedger.Entry(environment: identifier, cpu: number, apicIdentifier: core.apicIdentifier))
        try core.takeOffline()
        do throws(ToolError) {
            // The note first: who stops it later must find the CPU.
            try save(ledger)
            try client.launch(identifier, apicIdentifier: core.apicIdentifier)
        } catch {
            try? core.bringOnline()
            ledger.remove(identifier)
            try? save(ledger)
            throw error
        }
    }

    /// Stops the environment if it has a CPU for itself, and gives Linux that CPU back, also after the environment
    /// ended by itself. Throws `coreNotMoved`, `coreBusy` when the CPU does not come back.
    public static func takeBack(
        _ identifier: UInt32, _ client: borrowing ManagerClient<MachineConnection>
    ) throws(ToolError) {
        var tries = 0
        while try !client.stop(identifier) {
            // The core leaves at its guest's next exit, which the stop itself makes; a second is more than enough.
            guard tries < 10_000 else {
                throw ToolError(.coreBusy, "the core of environment \(identifier) does not come back")
            }
            tries += 1
            usleep(tries < 100 ? 10 : 1000)
        }
        try returnCore(of: identifier)
    }

    /// Gives Linux back the CPU of an environment that has left it, if it had one.
    public static func returnCore(of identifier: UInt32) throws(ToolError) {
        var ledger = ledger()
        guard let entry = ledger.entry(of: identifier) else { return }
        try HostCore(offline: entry.cpu, apicIdentifier: entry.apicIdentifier).bringOnline()
        ledger.remove(identifier)
        try save(ledger)
    }
}

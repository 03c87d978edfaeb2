internal import Diagnostics
internal import Glibc
internal import GuestRunner
internal import LegacyHost
internal import ManagerClient
internal import SICEABI
internal import WindowNetwork

/// Serves a Linux guest until its machine ends.
struct GuestRun {
    let environment: UInt32
    /// What the network in its first window shall be like; nil for a guest without one.
    var network: NetworkSettings?
    /// Whether to tell at the end, on standard error, how often the guest gave its core back.
    let tellsStatistics: Bool

    /// Serves it on a shared core or on one of its own, and elsewhere when `sice move` says so; Linux has the core back
    /// afterwards. Returns when the guest switched itself off. Throws `guestReset`, `crashed`, `workloadFailed`.
    func untilItEnds(startingOn core: Int?) throws(ToolError) {
        let cores = try HostCores(environment)
        let console = try GuestConsole(environment)
        console.network = try makeNetwork()
        // A core of its own runs on while this process looks at the rings as well.
        cores.modeChanges = { isShared in console.network?.wantDoorbell(isShared) }
        let entrance = MovingEntrance(environment, cores.client, cores) { console.attention }
        try entrance.move(to: core.map { .ownCore($0) } ?? .sharedCore)
        let outcome: Result<Void, ToolError>
        do throws(ToolError) { outcome = .success(try serve(entrance, console)) } catch {
            outcome = .failure(error)
        }
        if GuestRun.isEndOfMachine(outcome) { console.end() }
        try entrance.move(to: .nowhere)
        try outcome.get()
        // Told already, when it came.
        if console.outputFailure != nil { throw ToolError(.outputFailed, "the guest's console") }
    }

    /// Whether the guest's machine has ended, and not only this process's service.
    private static func isEndOfMachine(_ outcome: Result<Void, ToolError>) -> Bool {
        guard case .failure(let error) = outcome else { return true }
        return [.workloadFailed, .guestReset, .crashed].contains(error.code)
    }

    private func makeNetwork() throws(ToolError) -> GuestNetwork? {
        guard let settings = self.network else { return nil }
        return try GuestNetwork(environment, settings)
    }

    private func serve(_ entrance: some GuestEntrance, _ console: GuestConsole) throws(ToolError) {
        var runner = GuestLoop(entrance, console, secondsSince1970: Int64(time(nil)))
        defer {
            if tellsStatistics { for line in runner.statistics.lines { StandardStreams.message(line) } }
        }
        switch try runner.run() {
        case .poweredOff(0), .exited(0), .halted: return
        case .poweredOff(let byte): throw ToolError(.workloadFailed, "it switched itself off with \(byte)")
        case .exited(let status): throw ToolError(.workloadFailed, "it ended with status \(status)")
        case .reset: throw ToolError(.guestReset, "environment \(environment)")
        }
    }
}

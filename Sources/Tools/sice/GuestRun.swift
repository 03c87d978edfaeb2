internal import Diagnostics
internal import Glibc
internal import GuestRunner
internal import LegacyHost
internal import ManagerAccess
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
        let server = try GuestServer(environment)
        server.network = try makeNetwork()
        // A core of its own runs on while this process looks at the rings as well.
        cores.modeChanges = { isShared in server.network?.wantDoorbell(isShared) }
        let entrance = MovingEntrance(environment, cores.client, cores) { server.attention }
        try entrance.move(to: core.map { .ownCore($0) } ?? .sharedCore)
        let outcome: Result<Void, ToolError>
        do throws(ToolError) { outcome = .success(try serve(entrance, server)) } catch {
            outcome = .failure(error)
        }
        if GuestRun.isEndOfMachine(outcome) { server.end() }
        try entrance.move(to: .nowhere)
        try outcome.get()
        // Told already, when it came.
        if server.outputFailure != nil { throw ToolError(.outputFailed, "the guest's console") }
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

    private func serve(_ entrance: some GuestEntrance, _ server: GuestServer) throws(ToolError) {
        var runner = GuestLoop(entrance, server, secondsSince1970: Int64(time(nil)))
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

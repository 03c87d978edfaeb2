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

    /// Serves it in time-sharing mode. Returns when the guest switched itself off. Throws `guestReset`, `crashed`,
    /// `workloadFailed`.
    func untilItEnds() throws(ToolError) {
        let entrance = try RunEntrance(environment)
        let console = try GuestConsole(environment)
        console.network = try makeNetwork(wantsDoorbell: true)
        try serve(entrance, console)
    }

    /// The same on a CPU of its own, which Linux has back afterwards.
    func untilItEnds(onCore core: Int) throws(ToolError) {
        let console = try GuestConsole(environment)
        let entrance = try ExchangeEntrance(environment) { console.sliceIsOver }
        // Its core runs on while this process looks at the rings as well.
        console.network = try makeNetwork(wantsDoorbell: false)
        try HostSession.run { client throws(ToolError) in
            try CoreLoan.launch(environment, on: core, client)
        }
        let outcome: Result<Void, ToolError>
        do throws(ToolError) {
            outcome = .success(try serve(entrance, console))
        } catch { outcome = .failure(error) }
        try HostSession.run { client throws(ToolError) in try CoreLoan.takeBack(environment, client) }
        try outcome.get()
    }

    private func makeNetwork(wantsDoorbell: Bool) throws(ToolError) -> GuestNetwork? {
        guard let settings = self.network else { return nil }
        let network = try GuestNetwork(environment, settings)
        network.wantDoorbell(wantsDoorbell)
        return network
    }

    private func serve(_ entrance: some GuestEntrance, _ console: GuestConsole) throws(ToolError) {
        var runner = GuestRunner(entrance, console, secondsSince1970: Int64(time(nil)))
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

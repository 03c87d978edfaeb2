internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerClient
internal import SICEABI

/// `sice run`
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a workload until it ends.",
        discussion: """
            Example: sice run 257
            For workloads that answer no requests: each time it yields it is continued at once. Exit status 0 when \
            it ended with 0, 69 when it ended otherwise or crashed.
            A Linux guest gets its devices here: its console goes to standard output, and to `sice console`. Exit status \
            0 when it switched itself off, 69 when it crashed or asked for a reset.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    func run() throws {
        let kind = try HostSession.run { client throws(ToolError) in try client.environment(environment).kind
        }
        guard kind == .bareProgram else { return try GuestRun(environment: environment).untilItEnds() }
        // The lock is taken for each slice between two yields, so that other commands get their turn.
        while true {
            let result = try HostSession.run { client throws(ToolError) in try client.run(environment) }
            guard case .exited(let status) = result else { continue }
            guard status == 0 else { throw ToolError(.workloadFailed, "it ended with status \(status)") }
            return
        }
    }
}

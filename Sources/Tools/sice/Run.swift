internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerAccess
internal import SICEABI
internal import WindowNetwork

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
            With --mode multi-core it gets a CPU that Linux gives up for it, and --detach returns at once: `sice call` \
            reaches it there, `sice stop` gives the CPU back. When this command is interrupted, a workload with a CPU \
            of its own goes on. A Linux guest does not: its devices are lost; `sice stop` gives its CPU back, then \
            destroy it.
            With --network the guest's first window is a network: the interface sice<id> here, sice0 in the guest, which \
            needs an image built with `sice-attest build --network`.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    @OptionGroup var options: ModeOptions

    @Flag(help: "With --mode multi-core: return once the workload has its core.")
    var detach = false

    @Flag(help: "A Linux guest: give it the network in its first window.")
    var network = false

    @Option(
        parsing: .unconditional,
        help:
            "With --network: this host's ADDRESS/PREFIX; 10.83.SLOT.1/30 without. The guest has the next address."
    )
    var address: String?

    @Flag(
        help: """
            Linux guests: say on standard error how often the guest gave its core back, by reason; a phase is a \
            number that it writes to its serial port's scratch register.
            """)
    var statistics = false

    func validate() throws {
        guard address == nil || network else { throw ValidationError("--address needs --network") }
        guard !detach || options.mode == .multiCore else {
            throw ValidationError("--detach needs --mode multi-core")
        }
    }

    func run() throws {
        var session = try HostSession()
        let kind = try session.turn { client throws(ToolError) in try client.environment(environment).kind }
        guard kind == .bareProgram else { return try runGuest() }
        guard !network else { throw ToolError(.invalidArgument, "--network is for Linux guests") }
        guard !statistics else { throw ToolError(.invalidArgument, "--statistics is for Linux guests") }
        if let core = options.core {
            try session.turn { client throws(ToolError) in
                try client.connection.awaitEndOfConversation(with: environment)
                try CoreLoan.launch(environment, on: core, client)
            }
        }
        guard !detach else { return }
        let status = try WorkloadRun(environment: environment).untilItEnds(&session)
        guard status == 0 else { throw ToolError(.workloadFailed, "it ended with status \(status)") }
    }

    /// A Linux guest needs its device model, which is this process.
    private func runGuest() throws(ToolError) {
        guard !detach else { throw ToolError(.invalidArgument, "--detach: a Linux guest needs this command") }
        var run = GuestRun(environment: environment, tellsStatistics: statistics)
        if network {
            let text = address ?? NetworkSettings.standard(for: environment)
            run.network = try NetworkSettings(text: text)
        }
        try run.untilItEnds(startingOn: options.core)
    }
}

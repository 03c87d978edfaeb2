internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerClient

/// `sice stop`
struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a core back from an environment in multi-core mode.",
        discussion: """
            Example: sice stop 257
            The environment keeps its state and can be run again in either mode; Linux gets the CPU back. Nothing \
            happens when it has no core.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    func run() throws {
        try HostSession.run { client throws(ToolError) in try CoreLoan.takeBack(environment, client) }
    }
}

internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import ManagerClient
internal import SICEABI

/// `sice move`
struct Move: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change the mode of an environment, also while it runs.",
        discussion: """
            Example: sice move 257 --mode multi-core --core 1
            A `sice run` of it goes on in the new mode; its measurement stays the same. A Linux guest keeps the mode that \
            its `sice run` started with.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    @OptionGroup var options: ModeOptions

    func run() throws {
        try HostSession.run { client throws(ToolError) in
            // Its devices live in the process that serves it, in the way of one mode.
            guard try client.environment(environment).kind == .bareProgram else {
                throw ToolError(.invalidArgument, "environment \(environment) is a Linux guest")
            }
            try CoreLoan.takeBack(environment, client)
            if let core = options.core { try CoreLoan.launch(environment, on: core, client) }
        }
    }
}

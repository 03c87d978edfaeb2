internal import ArgumentParser
internal import Diagnostics
internal import GuestRunner
internal import LegacyHost
internal import ManagerAccess
internal import SICEABI

/// `sice move`
struct Move: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Change the mode of an environment, also while it runs.",
        discussion: """
            Example: sice move 257 --mode multi-core --core 1
            A `sice run` of it goes on in the new mode; its measurement stays the same. It waits for the end of a `sice \
            call` that is under way. A Linux guest needs its \
            `sice run` for this, which moves it between two exits; the command returns once that is done. When the CPU \
            cannot be had, the guest goes on in time-sharing mode, and one that `sice stop` stopped stands still.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    @OptionGroup var options: ModeOptions

    func run() throws {
        var session = try HostSession()
        let kind = try session.turn { client throws(ToolError) in try client.environment(environment).kind }
        guard kind == .bareProgram else {
            return try ControlClient.move(environment, to: options.core.map { .ownCore($0) } ?? .sharedCore)
        }
        try session.turn { client throws(ToolError) in
            try client.connection.awaitEndOfConversation(with: environment)
            try CoreLoan.takeBack(environment, client)
            if let core = options.core { try CoreLoan.launch(environment, on: core, client) }
        }
    }
}

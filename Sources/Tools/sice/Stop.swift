internal import ArgumentParser
internal import Diagnostics
internal import GuestRunner
internal import LegacyHost
internal import ManagerAccess
internal import SICEABI

/// `sice stop`
struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a core back from an environment in multi-core mode.",
        discussion: """
            Example: sice stop 257
            The environment keeps its state and can be run again in either mode; Linux gets the CPU back. A `sice call` \
            that waits for its answer there fails. Nothing \
            happens when it has no core. A Linux guest that `sice run` serves stands still in either mode, and its \
            devices with it, until `sice move` says where it goes on; only the clock goes on.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    func run() throws {
        var session = try HostSession()
        let kind = try session.turn { client throws(ToolError) in try client.environment(environment).kind }
        if kind == .linuxGuest {
            do throws(ToolError) { return try ControlClient.move(environment, to: .nowhere) } catch {
                // Its server is gone; the core is not.
                guard error.code == .guestNotServed else { throw error }
            }
        }
        try session.turn { client throws(ToolError) in try CoreLoan.takeBack(environment, client) }
    }
}

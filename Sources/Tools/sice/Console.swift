internal import ArgumentParser
internal import Diagnostics
internal import LegacyHost
internal import SICEABI

/// `sice console`
struct Console: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Connect this terminal to a Linux guest's console.",
        discussion: """
            Example: sice console 258
            `sice run 258` must serve the guest meanwhile. Ctrl-] leaves the console; the guest goes on. Without a \
            terminal, standard input is typed, and the guest's words are printed until its machine ends: status 0. One console \
            at a time: while another one is connected this is refused (69, E0977), and a connection that is lost before the \
            machine's end is an error (69, E0978).
            The guest is told the terminal's size, then and after each change. A program in it must take that up, as \
            `console-size` of tools/linux-guest does; in a guest without one, `stty rows 40 cols 120` sets it by hand.
            """)

    @Argument(help: "The environment's id.")
    var environment: UInt32

    func run() throws {
        switch try ConsoleClient(environment).relay() {
        case .detached: StandardStreams.message("sice: detached")
        case .ended: StandardStreams.message("sice: the guest's machine has ended")
        case .taken: throw ToolError(.consoleTaken, "environment \(environment)")
        case .lost: throw ToolError(.consoleLost, "environment \(environment)")
        }
    }
}

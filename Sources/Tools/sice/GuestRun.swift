internal import Diagnostics
internal import Glibc
internal import GuestRunner
internal import LegacyHost
internal import SICEABI

/// Serves a Linux guest until its machine ends.
struct GuestRun {
    let environment: UInt32

    /// Returns when the guest switched itself off. Throws `guestReset`, `crashed`, `workloadFailed`.
    func untilItEnds() throws(ToolError) {
        var runner = GuestRunner(
            try RunEntrance(environment), try GuestConsole(environment), secondsSince1970: Int64(time(nil)))
        switch try runner.run() {
        case .poweredOff(0), .exited(0), .halted: return
        case .poweredOff(let byte): throw ToolError(.workloadFailed, "it switched itself off with \(byte)")
        case .exited(let status): throw ToolError(.workloadFailed, "it ended with status \(status)")
        case .reset: throw ToolError(.guestReset, "environment \(environment)")
        }
    }
}

internal import Diagnostics
internal import Glibc
internal import LegacyHost
internal import ManagerAccess
internal import SICEABI

/// Keeps a workload going in whatever mode it is, which may change at any moment (`sice move`).
struct WorkloadRun {
    let environment: UInt32

    /// The status that the workload ends with. Throws `crashed`.
    func untilItEnds(_ session: inout HostSession) throws(ToolError) -> UInt64 {
        while true {
            // The lock is taken for each step, so that other commands get their turn.
            let step = try session.turn { client throws(ToolError) in
                let step = try client.keepGoing(environment)
                if case .ended(_, leavesCore: true) = step { try CoreLoan.returnCore(of: environment) }
                return step
            }
            switch step {
            case .going: continue
            case .busy: usleep(1000)
            case .ended(let exit, _):
                if case .exited(let status) = try RunResult(exit, of: environment) { return status }
            }
        }
    }
}

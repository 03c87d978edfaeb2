internal import Diagnostics
internal import Glibc
internal import LegacyHost
internal import ManagerClient
internal import SICEABI

/// Keeps a workload going in whatever mode it is, which may change at any moment (`sice move`).
struct WorkloadRun {
    let environment: UInt32

    /// The status that the workload ends with. Throws `crashed`.
    func untilItEnds() throws(ToolError) -> UInt64 {
        while true {
            // The lock is taken for each slice, so that other commands get their turn.
            let result = try HostSession.run { client throws(ToolError) in
                try step(client)
            }
            switch result {
            case .exited(let status): return status
            case .waiting(let microseconds): usleep(microseconds)
            case .running: continue
            }
        }
    }

    private enum Step {
        case exited(UInt64)
        case running
        /// Nothing to do for this process yet.
        case waiting(UInt32)
    }

    private func step(_ client: ManagerClient<MachineConnection>) throws(ToolError) -> Step {
        let record = try client.environment(environment)
        if record.core != nil { return try look(client) }
        // It ended by itself on a core of its own; what it said last is in its page.
        if record.state == .dead, let result = try endOnItsCore(client) { return result }
        return try step(after: try client.enter(environment).exit)
    }

    private func step(after exit: EnvironmentExit) throws(ToolError) -> Step {
        guard case .exited(let status) = try RunResult(exit, of: environment) else { return .running }
        return .exited(status)
    }

    private func look(_ client: ManagerClient<MachineConnection>) throws(ToolError) -> Step {
        let conversation = client.exchange(with: environment)
        guard let exit = try conversation.exit(), case .yielded = try RunResult(exit, of: environment) else {
            return .waiting(1000)
        }
        try conversation.answer(0)
        return .running
    }

    private func endOnItsCore(_ client: ManagerClient<MachineConnection>) throws(ToolError) -> Step? {
        let conversation = client.exchange(with: environment)
        guard conversation.hasLeft, let exit = try conversation.exit() else { return nil }
        try CoreLoan.returnCore(of: environment)
        return try step(after: exit)
    }
}

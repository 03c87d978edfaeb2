public import Diagnostics
internal import SICEABI

/// What became of a program that is only to go on, after one step of the host.
public enum WorkloadStep: Equatable, Sendable {
    /// It goes on; take the next step at once.
    case going
    /// It computes on a core of its own, or somebody else's call makes it go on; look again after a moment.
    case busy
    /// It exited or crashed. `leavesCore`: on a core of its own, which is to be given back.
    case ended(EnvironmentExit, leavesCore: Bool)
}

extension ManagerClient {
    /// Keeps a bare program going by one step, in whatever mode it is, which may change between two of them. Every exit
    /// that it survives is answered. Throws `wrongState` for one that ended before, `invalidArgument` for a Linux guest.
    public func keepGoing(_ identifier: UInt32) throws(ToolError) -> WorkloadStep {
        // A call drives the workload; its yield is the answer to that call.
        if try connection.isConversing(identifier) { return .busy }
        if places.isOnOwnCore(identifier) { return try keepGoingWhereItIs(identifier) }
        let exit: EnvironmentExit
        do throws(ToolError) { exit = try enter(identifier).exit } catch {
            // It went to a core of its own, or ended there.
            guard error.code == .environmentBusy || error.code == .wrongState else { throw error }
            return try keepGoingWhereItIs(identifier)
        }
        return try step(after: exit, of: identifier)
    }

    private func step(
        after exit: EnvironmentExit, of identifier: UInt32
    ) throws(ToolError) -> WorkloadStep {
        if exit.isEnd { return .ended(exit, leavesCore: false) }
        _ = try RunResult(exit, of: identifier)
        return .going
    }

    /// The same for one that may have a core of its own.
    private func keepGoingWhereItIs(_ identifier: UInt32) throws(ToolError) -> WorkloadStep {
        let record = try environment(identifier)
        let conversation = exchange(with: identifier)
        if record.core != nil {
            // An end is told with the next step, when the core is free.
            guard let exit = try conversation.exit(), !exit.isEnd else { return .busy }
            _ = try RunResult(exit, of: identifier)
            try conversation.answer(0)
            return .going
        }
        // It ended by itself on a core of its own; what it said last is in its page, and told once.
        if record.state == .dead, conversation.hasLeft, let exit = try conversation.exit() {
            clearExchange(identifier)
            return .ended(exit, leavesCore: true)
        }
        return try step(after: enter(identifier).exit, of: identifier)
    }

    /// Forgets what an earlier environment in the same slot said last.
    func clearExchange(_ identifier: UInt32) {
        let page = AreaLayout.exchangePage(of: identifier)
        connection.write([UInt8](repeating: 0, count: ExchangeLayout.size)[...], at: page)
    }
}

public import Diagnostics
internal import SICEABI

/// Where a run came to rest.
public enum RunResult: Equatable, Sendable {
    /// The workload gave the core back with this word.
    case yielded(UInt64)
    /// It ended with this status.
    case exited(UInt64)

    /// What an exit means for a program that yields and ends; nil when it just goes on. Throws `crashed`, and
    /// `invalidArgument` for an exit that only Linux guests have.
    public init?(_ exit: EnvironmentExit, of identifier: UInt32) throws(ToolError) {
        switch exit {
        case .yield(let word): self = .yielded(word)
        case .exited(let status): self = .exited(status)
        // A doorbell is a signal that nobody asked for; the workload goes on.
        case .hostInterrupt, .doorbell: return nil
        case .crashed(let code, let address):
            throw ToolError(.crashed, CrashText.text(code, address))
        case .portRead, .portWrite, .halted:
            throw ToolError(.invalidArgument, "environment \(identifier) is a Linux guest")
        }
    }
}

extension ManagerClient {
    /// Runs an environment until it yields or ends, in the mode that it is in: slices that a host interrupt ended are
    /// continued, and other processes get the manager between two of them, or a workload that never yields would keep it.
    /// `input` is what its `yield` returns. Throws `crashed` with vector and address, `noSuchEnvironment` or `wrongState` when
    /// somebody destroys or moves it meanwhile.
    public func run(_ identifier: UInt32, input: UInt64 = 0) throws(ToolError) -> RunResult {
        while true {
            guard let exit = try enterUnlessElsewhere(identifier, input: input) else {
                return try exchange(with: identifier).run(input: input)
            }
            if let result = try RunResult(exit, of: identifier) { return result }
            try connection.letOthersIn()
        }
    }

    /// Runs it for one slice, without a look at its mode first: the manager refuses one that has a core of its own. Nil for
    /// such a one, and then it is the environment of that name.
    private func enterUnlessElsewhere(
        _ identifier: UInt32, input: UInt64
    ) throws(ToolError) -> EnvironmentExit? {
        if places.isOnOwnCore(identifier), try environment(identifier).core != nil { return nil }
        do throws(ToolError) { return try enter(identifier, input: input).exit } catch {
            guard error.code == .environmentBusy, try environment(identifier).core != nil else { throw error }
            return nil
        }
    }

    /// Runs an environment for one slice. `input` answers a yield or a port read; `interrupt` is a vector for a Linux
    /// guest, `controllers` a word for it (``SICEABI/ControllerWord``). Throws `eventPending` when it has not taken the one before; then it did not run.
    public func enter(
        _ identifier: UInt32, input: UInt64 = 0, interrupt: UInt8? = nil, controllers: UInt64 = 0
    ) throws(ToolError) -> Slice {
        let event = interrupt.map { GuestEvent.valid | UInt64($0) } ?? 0
        let answer = try call(
            ManagerRegisters(.run, rcx: UInt64(identifier), rdx: input, rsi: event, rdi: controllers),
            "environment \(identifier)")
        guard let exit = EnvironmentExit(answer.rbx, answer.rcx, answer.rdx) else {
            throw ToolError(.managerFault, "unknown exit reason \(answer.rbx)")
        }
        return Slice(exit: exit, interruptPending: answer.rsi == 1, controllers: answer.rdi)
    }
}

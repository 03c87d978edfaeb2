public import Diagnostics
internal import SICEABI

/// Where a run came to rest.
public enum RunResult: Equatable, Sendable {
    /// The workload gave the core back with this word.
    case yielded(UInt64)
    /// It ended with this status.
    case exited(UInt64)
}

extension ManagerClient {
    /// Runs an environment in time-sharing mode until it yields or ends: slices that a host interrupt ended are
    /// continued. `input` is what its `yield` returns. Throws `crashed` with vector and address.
    public func run(_ identifier: UInt32, input: UInt64 = 0) throws(ToolError) -> RunResult {
        let request = ManagerRegisters(.run, rcx: UInt64(identifier), rdx: input)
        while true {
            let answer = try call(request, "environment \(identifier)")
            switch ExitReason(rawValue: answer.rbx) {
            case .hostInterrupt: continue
            case .yield: return .yielded(answer.rcx)
            case .exited: return .exited(answer.rcx)
            case .crashed: throw ToolError(.crashed, Self.crash(answer.rcx, answer.rdx))
            case nil: throw ToolError(.managerFault, "unknown exit reason \(answer.rbx)")
            }
        }
    }

    /// Words for a crash: what happened and where.
    static func crash(_ code: UInt64, _ address: UInt64) -> String {
        let place = "at 0x" + String(address, radix: 16)
        return switch code {
        case CrashCode.memoryMap: "access outside its memory \(place)"
        case CrashCode.shutdown: "triple fault"
        case CrashCode.forbiddenInstruction: "forbidden instruction \(place)"
        case CrashCode.unknownService: "call of an unknown service (\(address))"
        case CrashCode.invalidState: "invalid machine state"
        case CrashCode.coreReset: "its core was reset"
        default: "exception \(code) \(place)"
        }
    }
}

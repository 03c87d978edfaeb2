internal import SICEABI

/// Words for a crash: what happened and where.
public enum CrashText {
    public static func text(_ code: UInt64, _ address: UInt64) -> String {
        let place = "at 0x" + String(address, radix: 16)
        return switch code {
        case CrashCode.memoryMap: "access outside its memory \(place)"
        case CrashCode.shutdown: "triple fault"
        case CrashCode.forbiddenInstruction: "forbidden instruction \(place)"
        case CrashCode.unknownService: "call of an unknown service (\(address))"
        case CrashCode.invalidState: "invalid machine state"
        case CrashCode.coreReset: "its core was reset"
        case CrashCode.unreadableInstruction: "unreadable instruction \(place)"
        default: "exception \(code) \(place)"
        }
    }
}

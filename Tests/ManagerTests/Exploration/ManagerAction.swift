import GuestPolicy
import SICEABI
import Simulation

/// What can happen next.
enum ManagerAction: CustomStringConvertible {
    case request(HostRequest, core: Int)
    /// An SMI that is no request; a core that was inside a guest was thrown out of SMM before.
    case interrupt(core: Int)
    case exit(GuestStop, core: Int)
    /// A core in multi-core mode that waits for its exit's answer looks up.
    case answer(Answer, core: Int)
    /// A fault inside the manager.
    case fault
    /// Reset of the machine; memory keeps what it had.
    case reset

    enum Answer: CaseIterable { case none, given, withEvent }

    var description: String {
        switch self {
        case .request(let request, let core): "core \(core): \(request.name)"
        case .interrupt(let core): "core \(core): an SMI without a request"
        case .exit(let stop, let core): "core \(core): the guest stops: \(stop.name)"
        case .answer(let answer, let core): "core \(core): looks for an answer: \(answer)"
        case .fault: "the manager faults"
        case .reset: "the machine is reset"
        }
    }
}

/// A way for a guest to stop, and what its registers hold then: secrets, but for what the exit is about.
struct GuestStop {
    var name: String
    var exit: GuestExit
    var registers: [GuestRegister: UInt64] = [:]
    /// A pending interrupt was taken before.
    var tookInterrupt = false

    init(_ name: String, _ kind: GuestExitKind, code: UInt64 = 0) {
        self.name = name
        exit = GuestExit(kind, code: code, address: 0x7000, next: 0x7002)
    }

    static func service(_ service: Service, _ name: String = "", _ rbx: UInt64? = nil) -> GuestStop {
        var stop = GuestStop("\(service) \(name)", .vmmcall)
        stop.registers[.rax] = service.rawValue
        if let rbx { stop.registers[.rbx] = rbx }
        return stop
    }

    static func port(_ name: String, _ port: UInt64, isInput: Bool, width: UInt64, isString: Bool = false)
        -> GuestStop
    {
        GuestStop(
            name, .ioio, code: port << 16 | width << 4 | (isString ? 4 : 0) | (isInput ? 1 : 0))
    }

    /// One of each sort.
    static let few: [GuestStop] = [
        GuestStop("interrupt", .hostInterrupt), service(.yield, "", 0x77), service(.exit, "", 3),
        service(.doorbell, "", 0x78), service(.random), GuestStop("nested page fault", .nestedPageFault),
    ]

    static let all: [GuestStop] =
        few + [
            service(.window, "0", 0), service(.window, "9", 9), service(.setWorkloadData),
            unknownService, GuestStop("#PF", .exception, code: 14),
            GuestStop("triple fault", .shutdown), GuestStop("VMRUN", .forbiddenInstruction, code: 0x80),
            port("OUT", 0x3F8, isInput: false, width: 1), GuestStop("HLT", .hlt), GuestStop("CPUID", .cpuid),
            GuestStop("RDMSR", .msr), GuestStop("MOV from DR0", .debugRegister, code: 0x20),
            GuestStop("invalid state", .invalidState), GuestStop("unknown exit", .other, code: 0x500),
        ]

    static let fewOfLinux: [GuestStop] = [
        interruptTaken, service(.yield, "", 0x77), service(.exit, "", 3), GuestStop("HLT", .hlt),
        port("IN", 0x3F8, isInput: true, width: 1), GuestStop("nested page fault", .nestedPageFault),
    ]

    static let allOfLinux: [GuestStop] =
        all + [
            interruptTaken, port("IN", 0x3F8, isInput: true, width: 4),
            port("OUTS", 0x3F8, isInput: false, width: 1, isString: true),
            port("OUT to the interrupt controller", 0x21, isInput: false, width: 1),
            port("IN from the interrupt controller", 0x21, isInput: true, width: 1), register(isWrite: false),
            register(isWrite: true), GuestStop("#DB", .exception, code: 1),
            GuestStop("MOV to CR8", .forbiddenInstruction, code: 0x18),
            GuestStop("task switch", .forbiddenInstruction, code: 0x7D),
        ]

    /// The host learns the number that was asked for.
    private static var unknownService: GuestStop {
        var stop = GuestStop("unknown service", .vmmcall)
        stop.registers[.rax] = 0x4000
        return stop
    }

    private static var interruptTaken: GuestStop {
        var stop = GuestStop("interrupt, after it took its own", .hostInterrupt)
        stop.tookInterrupt = true
        return stop
    }

    /// An access to EFER.
    private static func register(isWrite: Bool) -> GuestStop {
        var stop = GuestStop(isWrite ? "WRMSR" : "RDMSR of EFER", .msr, code: isWrite ? 1 : 0)
        stop.registers[.rcx] = 0xC000_0080
        return stop
    }
}

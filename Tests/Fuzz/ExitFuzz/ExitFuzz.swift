import ByteIO
import GuestPolicy
import ManagerCore
import SICEABI
import SVM
import Simulation

/// A guest of either kind, in either mode, that stops in whatever way a CPU could write into a VMCB, with whatever in its registers,
/// while the host signals, calls back, answers and resets. The manager never traps, shows nothing but what the exit is
/// about, and enters no guest that is not running.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do {
        var sequence = try ExitSequence(isLinux: (input.first ?? 0) & 1 != 0)
        try sequence.run(input)
    } catch {
        precondition(error is ByteError, "the guest could not be made")
    }
    return 0
}

/// One environment, its core, and the host on another.
private struct ExitSequence {
    let simulation: Simulation
    let identifier: UInt64
    let isLinux: Bool
    /// What the guest's core does next, and the host's registers on it.
    var step = ManagerStep.resumeHost
    var registers = HostRegisters()

    static let guestCore = 1
    static let exchange = Simulation.Place.window + 0x1_0000
    /// What the guest keeps in registers that no exit is about.
    static let secret: UInt64 = 0x5EC1_E700_5EC1_E700

    init(isLinux: Bool) throws(ErrorCode) {
        self.isLinux = isLinux
        simulation = try Simulation(poolPages: 64, cores: 2)
        identifier = try simulation.launch(isLinux ? .linuxGuest(windows: 1) : SampleImage(zeroPages: 2))
    }

    mutating func run(_ input: [UInt8]) throws(ByteError) {
        var reader = ByteReader(input.span)
        _ = try reader.readByte()
        // Bounded, so that a long input is not slow.
        for _ in 0..<64 {
            let choice = try reader.readByte()
            switch choice & 15 {
            case 0: try changePage(&reader)
            case 1: send(.stop)
            case 2: send(.kick)
            case 3: enter(HostRegisters(rax: UInt64(choice)))
            case 4 where choice & 0xF0 == 0xF0: simulation.manager.fail(machine: &simulation.machine)
            default: try goOn(&reader, isLaunch: choice & 16 != 0)
            }
            check()
        }
    }

    /// The host writes to the page through which a core in multi-core mode talks.
    private func changePage(_ reader: inout ByteReader) throws(ByteError) {
        let offset = UInt64(try reader.readByte() % UInt8(ExchangeLayout.size - 8))
        let value = try reader.readLittleEndian(UInt64.self)
        simulation.write(
            (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }, at: Self.exchange + offset)
    }

    private func send(_ command: Command) {
        do throws(ErrorCode) { try simulation.call(command, rcx: identifier, core: 0) } catch {}
    }

    /// An SMI of the guest's core.
    private mutating func enter(_ given: HostRegisters) {
        registers = given
        step = simulation.handle(&registers, on: Self.guestCore)
    }

    private mutating func goOn(_ reader: inout ByteReader, isLaunch: Bool) throws(ByteError) {
        switch step {
        case .enterGuest, .enterIsolated: try stop(&reader)
        case .awaitAnswer(let exchange): answer(exchange)
        case .resumeHost: try start(&reader, isLaunch: isLaunch)
        }
    }

    private mutating func start(_ reader: inout ByteReader, isLaunch: Bool) throws(ByteError) {
        guard !isLaunch else {
            let target = UInt64(MachineLayout.apicIdentifier(Self.guestCore))
            do throws(ErrorCode) {
                try simulation.call(.launch, rcx: identifier, rdx: target, rsi: Self.exchange, core: 0)
            } catch {}
            return enter(HostRegisters())
        }
        var request = HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: identifier)
        request.rdx = try reader.readLittleEndian(UInt64.self)
        request.rsi = try reader.readLittleEndian(UInt64.self)
        request.rdi = try reader.readLittleEndian(UInt64.self)
        enter(request)
    }

    private mutating func answer(_ exchange: Exchange) {
        simulation.machine.thisCore = Self.guestCore
        // Whoever finds no answer was woken.
        simulation.machine.attention[Self.guestCore] = true
        let found = exchange.wait(machine: &simulation.machine)
        step = simulation.manager.resume(found, on: Self.guestCore, machine: &simulation.machine)
    }

    // MARK: Exits

    private mutating func stop(_ reader: inout ByteReader) throws(ByteError) {
        let exit = try exit(&reader)
        // A fault on another core may have cleared the virtual CPU.
        if simulation.machine.guests[0] != nil { try setGuest(&reader) }
        let before = registers
        let isIsolated = if case .enterIsolated = step { true } else { false }
        step = simulation.manager.finish(
            exit, on: Self.guestCore, registers: &registers, machine: &simulation.machine)
        precondition(registers == before || !isIsolated, "an isolated core's registers changed")
        guard step == .resumeHost, !isIsolated else { return }
        checkAnswer(before)
    }

    /// Exit fields of a VMCB: mostly codes that there are.
    private func exit(_ reader: inout ByteReader) throws(ByteError) -> GuestExit {
        let code = try reader.readLittleEndian(UInt16.self)
        let information = try reader.readLittleEndian(UInt64.self)
        let second = try reader.readLittleEndian(UInt64.self)
        let isInvalid = code >> 12 == 0xF
        return GuestExit(
            exitCode: isInvalid ? .max : UInt64(code & 0x7FF), info1: information, info2: second,
            instructionPointer: 0x20_0000 &+ second & 0xFFF)
    }

    private mutating func setGuest(_ reader: inout ByteReader) throws(ByteError) {
        let flags = try reader.readByte()
        // A counter of the simulation; the CPU's instruction pointer wraps.
        simulation.machine.guests[0]?.skippedBytes = 0
        simulation.machine.guests[0]?.cpl = flags & 3
        simulation.machine.guests[0]?.takesInterrupts = flags & 4 != 0
        if flags & 8 != 0 { simulation.machine.guests[0]?.pendingInterrupt = nil }
        simulation.machine.guests[0]?.execution.cr3 = flags & 16 != 0 ? 0x4000 : Self.secret
        for number in UInt8(0)..<16 {
            guard let register = GuestRegister(rawValue: number) else { continue }
            simulation.machine.setRegister(register, of: 0, to: Self.secret | UInt64(number))
        }
        for register in [GuestRegister.rbx, .rcx, .rdx] {
            let value = try reader.readLittleEndian(UInt32.self)
            simulation.machine.setRegister(register, of: 0, to: UInt64(value))
        }
        // A service, a leaf, a port's value.
        let value = flags & 32 != 0 ? UInt64(flags >> 6) : UInt64(try reader.readByte())
        simulation.machine.setRegister(.rax, of: 0, to: value)
    }

    // MARK: What holds

    /// The host got its core back from a guest in time-sharing mode.
    private func checkAnswer(_ before: HostRegisters) {
        var expected = before
        expected.rax = registers.rax
        if registers.rax == ABI.responseMagic {
            precondition(ExitReason(rawValue: registers.rbx) != nil, "an exit without a reason")
            (expected.rbx, expected.rcx, expected.rdx) = (registers.rbx, registers.rcx, registers.rdx)
            if isLinux { (expected.rsi, expected.rdi) = (registers.rsi, registers.rdi) }
        } else {
            let fault = ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue)
            precondition(registers.rax == fault, "an exit with another error")
        }
        precondition(registers == expected, "registers changed that no exit names")
    }

    private func check() {
        for value in [registers.rbx, registers.rcx, registers.rdx, registers.rsi, registers.rdi] {
            precondition(value >> 8 != Self.secret >> 8, "a register of the guest is in the host's")
        }
        let page = simulation.read(Self.exchange, ExchangeLayout.postSize)
        for offset in 0...page.count - 8 {
            let value = (0..<8).reduce(UInt64(0)) { $0 | UInt64(page[offset + $1]) << UInt64($1 * 8) }
            precondition(value >> 8 != Self.secret >> 8, "a register of the guest is in the exchange page")
        }
        switch step {
        case .resumeHost: break
        case .enterGuest, .enterIsolated, .awaitAnswer:
            let state = simulation.state
            precondition(state == .running || state == .dead, "a guest is inside that is \(state)")
        }
    }
}

extension Simulation {
    /// The first environment's state, as `status` shows it.
    fileprivate var state: LifecycleState {
        do throws(ErrorCode) { return try record(0)?.state ?? .absent } catch { return .absent }
    }
}

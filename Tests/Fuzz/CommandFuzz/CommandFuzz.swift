import ByteIO
import GuestPolicy
import IsolatedImage
import ManagerCore
import SICEABI
import Simulation

/// Sequences of commands, guest exits and host memory changes, decoded from the input. The simulated machine ends
/// the process when the manager names memory that is not its own to touch, and the manager must never trap.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do {
        var sequence = try CommandSequence()
        try sequence.run(input)
        sequence.checkOwners()
    } catch {
        // The input ended.
    }
    return 0
}

/// A host that does what the input says.
private struct CommandSequence {
    let simulation: Simulation
    /// What each core does.
    var steps = [ManagerStep](repeating: .resumeHost, count: 4)
    static let poolPages = 64
    static let image = SampleImage(zeroPages: 4, windows: 1)
    /// Where the Linux guest's image lies behind the bare program's.
    static let linuxImage = Simulation.Place.image + 16 * 4096

    init() throws(ErrorCode) {
        simulation = try Simulation(poolPages: Self.poolPages)
        simulation.write(try Self.image.file(), at: Simulation.Place.image)
        simulation.write(try SampleImage.linuxGuest().file(), at: Self.linuxImage)
    }

    mutating func run(_ input: [UInt8]) throws(ByteError) {
        var reader = ByteReader(input.span)
        // Bounded, so that a long input is not slow.
        for _ in 0..<64 {
            let choice = try reader.readByte()
            let core = Int(choice >> 6)
            if choice & 0x20 != 0 {
                try changeHeader(&reader)
            } else if steps[core] != .resumeHost, choice & 0x10 != 0 {
                try goOn(&reader, core)
            } else {
                try command(&reader, choice & 0x0F, core)
            }
        }
    }

    /// Overwrites one byte of the header that `create` will read.
    private mutating func changeHeader(_ reader: inout ByteReader) throws(ByteError) {
        let offset = try reader.readLittleEndian(UInt16.self) % 512
        let value = try reader.readByte()
        simulation.write([value], at: Simulation.Place.image + UInt64(offset))
    }

    private mutating func command(
        _ reader: inout ByteReader, _ number: UInt8, _ core: Int
    ) throws(ByteError) {
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: number == 0 ? 0x100 : UInt64(number))
        registers.rcx = try word(&reader)
        registers.rdx = try word(&reader)
        registers.rsi = try word(&reader)
        registers.rdi = try word(&reader)
        if try reader.readByte() & 7 == 0 {
            return refuse(simulation.with(word: try word(&reader), registers), core)
        }
        steps[core] = simulation.handle(&registers, on: core)
    }

    /// A request whose word nobody wrote, or that was taken: at most its RAX changes, and a core that was launched starts.
    private mutating func refuse(_ request: HostRegisters, _ core: Int) {
        for slot in 0..<CommunicationArea.requestWordCount where request.r8 != 0 {
            simulation.store(0, at: slot)
        }
        var registers = request
        steps[core] = simulation.manager.handle(&registers, on: core, machine: &simulation.machine)
        var expected = request
        expected.rax = ABI.responseMagic | UInt64(ErrorCode.requestNotAuthorized.rawValue)
        precondition(registers == expected)
    }

    private mutating func goOn(_ reader: inout ByteReader, _ core: Int) throws(ByteError) {
        switch steps[core] {
        case .enterGuest(let slot), .enterIsolated(let slot): try exit(&reader, slot, core)
        case .awaitAnswer(let exchange):
            simulation.machine.thisCore = core
            let page = Simulation.Place.window & ~0xFFF
            simulation.write([try reader.readByte()], at: page + UInt64(ExchangeLayout.answered))
            let answer = exchange.wait(machine: &simulation.machine)
            steps[core] = simulation.manager.resume(answer, on: core, machine: &simulation.machine)
        case .resumeHost: break
        }
    }

    private mutating func exit(_ reader: inout ByteReader, _ slot: Slot, _ core: Int) throws(ByteError) {
        let choice = try reader.readByte()
        let kind = GuestExitKind(rawValue: choice & 15) ?? .other
        // Another core's fault may have cleared the virtual CPU.
        guard simulation.machine.guests[slot.index] != nil else { return }
        simulation.machine.guests[slot.index]?.cpl = choice & 0x10 != 0 ? 3 : 0
        simulation.machine.guests[slot.index]?.takesInterrupts = choice & 0x20 != 0
        if choice & 0x40 != 0 { simulation.machine.guests[slot.index]?.pendingInterrupt = nil }
        simulation.machine.setRegister(.rax, of: slot, to: UInt64(try reader.readByte()))
        let operand = try word(&reader)
        simulation.machine.setRegister(.rbx, of: slot, to: operand)
        simulation.machine.setRegister(.rcx, of: slot, to: operand)
        var registers = HostRegisters()
        let code = try word(&reader)
        let address = try word(&reader)
        let exit = GuestExit(kind, code: code, address: address, next: address &+ 2)
        steps[core] = simulation.manager.finish(
            exit, on: core, registers: &registers, machine: &simulation.machine)
    }

    /// A register value: small numbers, identifiers, interesting addresses, or anything.
    private func word(_ reader: inout ByteReader) throws(ByteError) -> UInt64 {
        let kind = try reader.readByte()
        switch kind & 7 {
        case 0: return UInt64(kind >> 3)
        case 1: return UInt64(kind >> 3 & 3) << 8 | UInt64(kind >> 5)
        case 2: return Simulation.Place.image + UInt64(kind >> 3) * 4096
        case 3: return Simulation.Place.output
        case 4: return Simulation.Place.window
        case 5: return MachineLayout.poolBase &- 0x8000 &+ UInt64(kind >> 3) * 0x800
        case 6: return 4096
        default: return try reader.readLittleEndian(UInt64.self)
        }
    }

    /// Nobody but environments and the manager owns pages, and `info` counts what is there.
    func checkOwners() {
        precondition(simulation.machine.owners.allSatisfy { $0 <= 16 || $0 == 0xFE })
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.info.rawValue)
        _ = simulation.handle(&registers, on: 0)
        let taken = simulation.machine.owners.count { $0 != 0 }
        precondition(Int(registers.rdx) + taken <= Self.poolPages)
    }
}

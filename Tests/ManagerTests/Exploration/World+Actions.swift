import GuestPolicy
import SICEABI
import Simulation

@testable import ManagerCore

extension World {
    /// The host's word for each of its requests; the manager takes it, and the next action finds another host memory.
    static let word: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// Does what an action says. Returns the registers of its core before and after.
    func perform(_ action: ManagerAction) throws(ErrorCode) -> (before: HostRegisters, after: HostRegisters) {
        machine.seen = Observation()
        machine.apicBase = ObservedMachine.usualAPICBase
        switch action {
        case .request(let request, let core): return send(request, on: core)
        case .interrupt(let core): return enter(HostRegisters(rax: 1, rbx: 2, rcx: 3, rdi: 4), on: core)
        case .exit(let stop, let core): return finish(stop, on: core)
        case .answer(let answer, let core): return lookUp(answer, on: core)
        case .fault: manager.fail(code: 13, address: 0x40_0000, machine: &machine)
        case .reset: try reset()
        }
        return (HostRegisters(), HostRegisters())
    }

    private func send(_ request: HostRequest, on core: Int) -> (HostRegisters, HostRegisters) {
        if let page = request.page { write(page, at: Place.image) }
        if request.isAuthorized {
            var bytes = [UInt8](repeating: 0, count: 8)
            bytes.set(Self.word, at: 0)
            write(bytes, at: Simulation.place(ofWord: Self.word))
        }
        machine.apicBase = request.apicBase
        machine.base.hasEntropy = request.hasEntropy
        let isShownOpen = request.isSMRAMOpen && defect != .openMemoryIsLocked
        machine.base.postures[.smramClosed] = isShownOpen ? .absent : .present
        let registers = mend(request).registers(word: Self.word)
        prepareDefect(request)
        var result = enter(registers, on: core)
        finishDefect(request, registers, core, &result.after)
        if registers.rcx == result.after.rcx { result.after.rcx = request.rcx }
        cores[core].registers = result.after
        // What the host asked for, whatever a defect made of it.
        return (request.registers(word: Self.word), result.after)
    }

    private func enter(_ registers: HostRegisters, on core: Int) -> (
        before: HostRegisters, after: HostRegisters
    ) {
        var after = registers
        cores[core].step = manager.handle(&after, on: core, machine: &machine)
        cores[core].registers = after
        return (registers, after)
    }

    // MARK: Guests

    /// A value of a guest's register that nobody may see.
    static func secret(_ register: UInt8) -> UInt64 { 0x5EC1_E700_5EC1_E700 | UInt64(register) }

    private func finish(_ stop: GuestStop, on core: Int) -> (HostRegisters, HostRegisters) {
        let before = cores[core].registers
        let guest: Slot? =
            switch cores[core].step {
            case .enterGuest(let slot), .enterIsolated(let slot): slot
            default: nil
            }
        // A fault on another core may have cleared the virtual CPU; the entry code finds it empty.
        if let guest, machine.base.guests[guest.index] != nil { load(stop, into: guest) }
        var after = before
        cores[core].step = manager.finish(stop.exit, on: core, registers: &after, machine: &machine)
        if defect == .yieldShowsRegister, after.rbx == ExitReason.yield.rawValue {
            after.rsi = Self.secret(2)
        }
        cores[core].registers = after
        return (before, after)
    }

    private func load(_ stop: GuestStop, into slot: Slot) {
        for number in UInt8(0)..<16 {
            guard let register = GuestRegister(rawValue: number) else { continue }
            let value = stop.registers[register] ?? Self.secret(number)
            machine.setRegister(register, of: slot, to: value)
        }
        machine.setEFER(of: slot, to: 0x1D00)
        machine.base.guests[slot.index]?.exceptions = []
        if stop.tookInterrupt { machine.base.guests[slot.index]?.pendingInterrupt = nil }
    }

    private func lookUp(_ answer: ManagerAction.Answer, on core: Int) -> (HostRegisters, HostRegisters) {
        let before = cores[core].registers
        guard case .awaitAnswer(let exchange) = cores[core].step else { return (before, before) }
        if answer != .none { write(answer, to: exchange) }
        machine.base.thisCore = core
        // Whoever gets no answer was woken.
        machine.base.attention[core] = true
        let found = exchange.wait(machine: &machine)
        cores[core].step = manager.resume(found, on: core, machine: &machine)
        return (before, cores[core].registers)
    }

    private func write(_ answer: ManagerAction.Answer, to exchange: Exchange) {
        var bytes = [UInt8](repeating: 0, count: ExchangeLayout.answerSize)
        func set<T: FixedWidthInteger>(_ value: T, at offset: Int) {
            bytes.set(value, at: offset - ExchangeLayout.answered)
        }
        set(exchange.sequence, at: ExchangeLayout.answered)
        set(UInt64(0x99), at: ExchangeLayout.input)
        if answer == .withEvent {
            // One that the manager did not see yet.
            set(exchange.sequence &+ 7, at: ExchangeLayout.eventNumber)
            set(UInt32(GuestEvent.valid | 0x31), at: ExchangeLayout.event)
        }
        write(bytes, at: exchange.page.address + UInt64(ExchangeLayout.answered))
    }
}

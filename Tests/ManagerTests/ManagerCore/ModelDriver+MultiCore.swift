import GuestPolicy
import ManagerCore
import SICEABI
import Simulation
import Testing

/// Random steps of multi-core mode: cores are given, arrive, show exits, are woken, answered and called back.
extension ModelDriver {
    /// Exchange pages, one a slot.
    private static func page(_ slot: Int) -> UInt64 { 0x1_0002_0000 + UInt64(slot) * 4096 }

    mutating func launch() throws {
        let id = identifier(.runnable)
        let core = Int.random(in: 0..<6, using: &random)
        let (address, wrong) = address(Self.page(Int(id & 0xF)))
        guard let caller = idleCore(), caller != core else { return }
        let target: ErrorCode? = core >= 5 ? .noSuchCore : model.running[core] != nil ? .coreBusy : nil
        last = "launch \(id) on \(core)"
        let expected = model.expect(id, [.runnable]) ?? target ?? wrong
        // Core 0 only looks.
        guard core != 0 || expected != nil else { return }
        do throws(ErrorCode) {
            try simulation.call(
                .launch, rcx: id, rdx: UInt64(MachineLayout.apicIdentifier(core)), rsi: address, core: caller)
            #expect(expected == nil, "\(last): accepted")
        } catch {
            #expect(expected == error, "\(last)")
            return
        }
        model.slots[Int(id & 0xFF)].state = .running
        model.running[core] = Int(id & 0xFF)
        model.isolation[core] = Model.Isolation()
    }

    /// The SMI of a launch comes to its core.
    mutating func arrive() throws {
        guard let core = Model.cores.filter({ model.isArriving($0) }).randomElement(using: &random),
            let slot = model.running[core]
        else { return }
        last = "arrival on \(core)"
        var registers = HostRegisters()
        let step = simulation.handle(&registers, on: core)
        model.isolation[core]?.isInside = true
        model.isolation[core]?.waits = model.slots[slot].yields
        if case .awaitAnswer = step {
            #expect(model.slots[slot].yields, "\(last)")
        } else {
            #expect(step == .enterIsolated(slot: slot) && !model.slots[slot].yields, "\(last)")
        }
    }

    /// The next thing on an isolated core: an exit, or the end of a wait.
    mutating func finishIsolated(_ core: Int, _ slot: Int) throws {
        guard model.isolation[core]?.waits == false else { return resume(core, slot) }
        let exit = [
            SimulatedExit.interrupt, .yield(3), .end(1), .service(.doorbell, [.rbx: 5]),
            SimulatedExit(GuestExit(.nestedPageFault, address: 8)), .service(.random),
        ].randomElement(using: &random)!
        last = "exit of \(slot) on its core \(core)"
        for (register, value) in exit.registers {
            simulation.machine.setRegister(register, of: slot, to: value)
        }
        var registers = HostRegisters()
        let step = simulation.manager.finish(
            exit.exit, on: core, registers: &registers, machine: &simulation.machine)
        #expect(registers == HostRegisters(), "\(last): the core's registers are not for answers")
        switch step {
        case .awaitAnswer:
            model.isolation[core]?.waits = true
            model.slots[slot].yields = exit.registers[.rax] == Service.yield.rawValue
        case .resumeHost: leave(core, slot, exit.exit.kind)
        default: #expect(step == .enterIsolated(slot: slot), "\(last)")
        }
    }

    private mutating func leave(_ core: Int, _ slot: Int, _ kind: GuestExitKind) {
        // Called back, or dead by its own doing.
        #expect(kind != .hostInterrupt || model.isolation[core]?.isStopRequested == true, "\(last)")
        model.slots[slot].state = kind == .hostInterrupt ? .runnable : .dead
        model.leave(core)
    }

    /// The core looks up from its page: with an answer, without one, or because it shall leave.
    private mutating func resume(_ core: Int, _ slot: Int) {
        last = "wait of \(slot) on its core \(core)"
        let isAnswered = Bool.random(using: &random)
        let page = Self.page(slot)
        if isAnswered {
            let sequence = simulation.read(page + UInt64(ExchangeLayout.sequence), 4)
            simulation.write(sequence, at: page + UInt64(ExchangeLayout.answered))
        } else {
            simulation.write([0xEE, 0xEE, 0xEE, 0xEE], at: page + UInt64(ExchangeLayout.answered))
        }
        guard
            case .awaitAnswer(let exchange) = simulation.manager.resume(
                nil, on: core, machine: &simulation.machine)
        else {
            // Only a stop ends it without an answer; what the host wrote before still counts.
            #expect(model.isolation[core]?.isStopRequested == true, "\(last)")
            model.slots[slot].yields = model.slots[slot].yields && !isAnswered
            model.slots[slot].state = .runnable
            return model.leave(core)
        }
        #expect(model.isolation[core]?.isStopRequested == false, "\(last)")
        simulation.machine.thisCore = core
        _ = simulation.machine.takeAttention()
        let answer = exchange.wait(machine: &simulation.machine)
        #expect((answer != nil) == isAnswered, "\(last)")
        guard isAnswered else { return }
        let step = simulation.manager.resume(answer, on: core, machine: &simulation.machine)
        #expect(step == .enterIsolated(slot: slot), "\(last)")
        model.slots[slot].yields = false
        model.isolation[core]?.waits = false
    }

    /// What naming `id` gets from a command for environments in multi-core mode.
    private func expectIsolated(_ id: UInt64, _ others: [LifecycleState]) -> ErrorCode? {
        let error = model.expect(id, others)
        guard error == .environmentBusy else { return error }
        return model.isolatedCore(of: id) == nil ? .environmentBusy : nil
    }

    mutating func stop() throws {
        let id = identifier(.running)
        let core = model.isolatedCore(of: id)
        let expected = expectIsolated(id, [.runnable, .dead])
        guard let answer = try send(.stop, expected, rcx: id) else { return }
        let hasEntered = core.map { !model.isArriving($0) } ?? false
        #expect(answer.rbx == (hasEntered ? 1 : 0), "\(last)")
        guard let core else { return }
        guard hasEntered else {
            model.slots[Int(id & 0xFF)].state = .runnable
            return model.leave(core)
        }
        model.isolation[core]?.isStopRequested = true
    }

    mutating func kick() throws {
        let id = identifier(.running)
        _ = try send(.kick, expectIsolated(id, []), rcx: id)
    }
}

import SICEABI
import Simulation

@testable import ManagerCore

/// Defects of the manager, made by hand around it.
extension World {
    /// The request that the manager gets to see.
    func mend(_ request: HostRequest) -> HostRequest {
        guard defect == .addressIsMended, request.isBadAddress else { return request }
        return request.with("") { mended in
            if mended.command == Command.create.rawValue { mended.rcx = Place.image }
        }
    }

    func prepareDefect(_ request: HostRequest) {
        guard let number = request.slot, let slot = Slot(UInt64(number)) else { return }
        let isRun = request.command == Command.run.rawValue && !request.isStale
        if defect == .runsSealed, isRun, manager.environments[slot].state == .sealed {
            _ = manager.environments[slot].transition(to: .runnable)
        }
        if defect == .deadComesBack, isRun { revive(slot) }
        if defect == .neighbourChanges, request.command == Command.load.rawValue, number == 0 {
            manager.environments[1].attachedWindows |= 2
        }
        if defect == .attachChangesPage, request.command == Command.attach.rawValue {
            machine.base.pool[Int(manager.environments[slot].header.index) * 4096 + 8] ^= 1
        }
    }

    func finishDefect(
        _ request: HostRequest, _ asked: HostRegisters, _ core: Int, _ answer: inout HostRegisters
    ) {
        let isRefused = answer.rax & ~0xFFFF == ABI.responseMagic && answer.rax != ABI.responseMagic
        switch defect {
        case .refusalChangesRegister where isRefused: answer.rdi ^= 1
        case .unknownError where isRefused: answer.rax |= 0x8000
        case .faultIsForgotten where manager.isFaulted: answer.rax &= ~0xFFFF
        case .destroysAtOnce
        where request.command == Command.destroy.rawValue && answer.rbx != 0 && !isRefused:
            write(bytes(of: Self.word), at: Simulation.place(ofWord: Self.word))
            answer = asked
            _ = manager.handle(&answer, on: core, machine: &machine)
        case .twoCoresRunOne:
            guard case .enterGuest(let slot) = cores[core].step else { return }
            manager.runningSlots[(core + 1) % cores.count] = slot
        default: break
        }
    }

    private func bytes(of word: UInt64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 8)
        bytes.set(word, at: 0)
        return bytes
    }

    /// Back from the dead, around all the lifecycle's edges.
    private func revive(_ slot: Slot) {
        guard manager.environments[slot].state == .dead else { return }
        for state: LifecycleState in [.scrubbing, .absent, .loading, .sealed, .runnable] {
            _ = manager.environments[slot].transition(to: state)
        }
    }
}

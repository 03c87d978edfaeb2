import IsolatedImage
import SICEABI
import Simulation

@testable import ManagerCore

/// One action, with what was before and what is after: all that a property needs to judge it.
struct Transition {
    let action: ManagerAction
    let before: Summary
    let pagesBefore: [[UInt8]]
    /// Whether memory, its owners or an environment is not as before: else what holds of them holds again.
    let changesMemory: Bool
    let after: Summary
    let world: World
    /// The registers of the action's core.
    let asked: HostRegisters
    let answered: HostRegisters

    var seen: Observation { world.machine.seen }

    var request: HostRequest? {
        if case .request(let request, _) = action { request } else { nil }
    }
    var command: Command? { request.flatMap { Command(rawValue: $0.command) } }

    var core: Int? {
        switch action {
        case .request(_, let core), .interrupt(let core), .exit(_, let core), .answer(_, let core): core
        case .fault, .reset: nil
        }
    }

    /// The error of a request that was answered; nil for one that entered the guest.
    var answer: UInt16? {
        guard request != nil, answered.rax & ~0xFFFF == ABI.responseMagic else { return nil }
        return UInt16(truncatingIfNeeded: answered.rax)
    }

    /// The request was carried out, or its guest was entered.
    var isAccepted: Bool { request != nil && (answer == 0 || answered.rax == asked.rax) }

    /// The environment in the action's slot before it.
    var target: SlotSummary? { request?.slot.map { before.slots[$0] } }

    var isReset: Bool {
        if case .reset = action { true } else { false }
    }

    /// The core went into a guest by this action.
    var entered: (core: Int, slot: Int)? {
        guard let core, let slot = after.cores[core].guest, after.cores[core].place != .waiting else {
            return nil
        }
        return (core, slot)
    }
}

extension Property {
    /// What is wrong with a transition; nil when the property holds.
    func finding(in transition: Transition) -> String? {
        switch self {
        case .i1: transition.hostMemoryFinding
        case .i2: transition.changesMemory ? transition.mappingFinding : nil
        case .i3: transition.changesMemory ? transition.ownerFinding : nil
        case .i4: transition.lifecycleFinding
        case .i5: transition.exitFinding
        case .i6: transition.registerFinding
        case .i7: transition.workFinding
        case .i8: transition.faultFinding
        case .i9: transition.errorFinding
        case .i10: transition.movedRegisterFinding
        case .measurement: transition.changesMemory ? transition.measurementFinding : nil
        case .log: transition.logFinding
        }
    }
}

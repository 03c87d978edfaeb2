import SICEABI

@testable import ManagerCore

// I4: what is accepted when, which state follows which, and who runs where.
extension Transition {
    /// States that accept a command, as `SICEABI/Command` has them; nil for commands that name no environment.
    private static func states(_ command: Command) -> Set<LifecycleState>? {
        switch command {
        case .load, .seal: [.loading]
        case .attach: [.sealed]
        case .run, .launch: [.runnable]
        case .destroy: [.loading, .sealed, .runnable, .dead, .scrubbing]
        case .report: [.sealed, .runnable, .running, .dead]
        case .stop: [.runnable, .running, .dead]
        case .kick: [.running]
        case .info, .create, .reportKey, .readLog, .status, .logBase, .install, .lock: nil
        }
    }

    var lifecycleFinding: String? { acceptanceFinding ?? edgeFinding ?? neighbourFinding ?? coreFinding }

    private var acceptanceFinding: String? {
        guard let request, let command else { return nil }
        if !request.isAuthorized { return isAccepted ? "a request without a word was accepted" : nil }
        let isBoot = command == .install || command == .lock
        if isBoot, before.isLocked, isAccepted { return "a boot command was accepted after the lock" }
        if isAccepted, !request.hasEntropy { return "a key was made without randomness" }
        if isAccepted, request.isSMRAMOpen { return "the machine was locked while SMRAM is open" }
        guard let states = Self.states(command), let target else { return nil }
        if !before.isLocked || request.isStale { return isAccepted ? "nobody's name was accepted" : nil }
        if isAccepted { return states.contains(target.state) ? nil : "accepted while \(target.state)" }
        guard !states.contains(target.state), !before.isFaulted, target.state != .absent else { return nil }
        let expected: ErrorCode = target.state == .running ? .environmentBusy : .wrongState
        let isArrival = answer == ErrorCode.coreBusy.rawValue
        return answer == expected.rawValue || isArrival
            ? nil : "refused while \(target.state) by \(answer ?? 0)"
    }

    /// States that one action can lead to.
    private static func successors(_ state: LifecycleState) -> Set<LifecycleState> {
        switch state {
        case .absent: [.absent, .loading]
        // Sealing an image without windows makes it runnable at once; small environments are scrubbed at once.
        case .loading: [.loading, .sealed, .runnable, .dead, .scrubbing, .absent]
        case .sealed: [.sealed, .runnable, .dead, .scrubbing, .absent]
        case .runnable: [.runnable, .running, .dead, .scrubbing, .absent]
        case .running: [.running, .runnable, .dead]
        case .dead: [.dead, .scrubbing, .absent]
        case .scrubbing: [.scrubbing, .absent]
        }
    }

    /// Each state changes along an edge, and each edge is taken only by what it is for.
    private var edgeFinding: String? {
        guard !isReset else { return nil }
        for (slot, old) in before.slots.enumerated() {
            let new = after.slots[slot]
            guard Self.successors(old.state).contains(new.state) else {
                return "environment \(slot) went from \(old.state) to \(new.state)"
            }
            if old.state != new.state, !isCause(of: new.state, slot) {
                return "environment \(slot) is \(new.state), which nobody asked for"
            }
            if old.state != .absent, new.state != .absent, old.identifier != new.identifier {
                return "an environment changed its name"
            }
        }
        return nil
    }

    private func isCause(of state: LifecycleState, _ slot: Int) -> Bool {
        switch action {
        case .reset: return true
        case .fault: return state == .dead
        case .interrupt: return state == .dead
        case .exit, .answer: return state == .dead || state == .runnable
        case .request(let request, let core):
            if before.cores[core].running == slot { return state == .dead }
            guard request.slot == slot || command == .create else { return false }
            switch state {
            case .loading: return command == .create
            case .sealed: return command == .seal
            case .runnable: return command == .seal || command == .attach || command == .stop
            case .running: return command == .run || command == .launch
            case .dead: return false
            case .scrubbing, .absent: return command == .destroy
            }
        }
    }

    /// What an action is about: the environment that it names, and the one of its core.
    private var concerned: Set<Int> {
        let place = core.map { before.cores[$0] }
        return Set([request?.slot, place?.running, place?.isolated].compactMap { $0 })
    }

    /// Nothing happens to other environments.
    private var neighbourFinding: String? {
        guard !isReset, before.isFaulted == after.isFaulted else { return nil }
        for (slot, old) in before.slots.enumerated() where !concerned.contains(slot) && old.state != .absent {
            if old != after.slots[slot] { return "environment \(slot), which is another, was changed" }
        }
        return nil
    }

    /// Only what is running runs; an environment has one core, and a core one environment.
    private var coreFinding: String? {
        if let entered, after.slots[entered.slot].state != .running {
            return "core \(entered.core) entered an environment that is \(after.slots[entered.slot].state)"
        }
        if let entered, before.isFaulted { return "core \(entered.core) entered a guest after a fault" }
        let running = after.cores.compactMap(\.running)
        if Set(running).count != running.count { return "two cores run one environment" }
        let isolated = after.cores.compactMap(\.isolated)
        if Set(isolated).count != isolated.count { return "two cores belong to one environment" }
        for (index, core) in after.cores.enumerated() {
            if core.place != .host, core.guest != core.running { return "core \(index) runs another's guest" }
            if core.place == .host, core.running != nil { return "core \(index) left a guest behind" }
        }
        return stateFinding(Set(running + isolated))
    }

    private func stateFinding(_ onCores: Set<Int>) -> String? {
        for (slot, environment) in after.slots.enumerated() {
            let isOnCore = onCores.contains(slot)
            if environment.state == .running, !isOnCore { return "environment \(slot) runs nowhere" }
            if environment.state != .running, isOnCore, !after.isFaulted {
                return "environment \(slot) is \(environment.state) and has a core"
            }
        }
        return nil
    }
}

import Exploration
import GuestPolicy
import ManagerCore
import SICEABI
import Simulation

/// The real manager on a small simulated machine, as a system that can be explored: every command of the host, every way
/// for a guest to stop, interrupts, signals, resets of cores and of the machine, and faults of the manager itself.
struct ManagerModel: Explorable {
    struct State {
        fileprivate let kept: World.Kept
        let summary: Summary
    }

    let bounds: ModelBounds
    let world: World
    /// What was seen at least once: commands that were accepted, and edges of the lifecycle.
    private(set) var accepted: Set<String> = []
    private(set) var edges: Set<String> = []
    private(set) var stops: Set<String> = []

    init(_ bounds: ModelBounds, defect: Defect? = nil) throws(ErrorCode) {
        self.bounds = bounds
        world = try World(bounds, defect)
    }

    mutating func start() -> State {
        if bounds.isLogFull { fillLog() }
        return State(kept: world.keep(after: nil), summary: world.summarize())
    }

    /// Reads of SMRAM, each of which is worth an entry.
    private func fillLog() {
        var request = HostRequest(.logBase)
        request.rcx = MachineLayout.poolBase
        request.isBadAddress = true
        while world.manager.logCount < ABI.logCapacity - 1 {
            _ = try? world.perform(.request(request, core: 0))
        }
    }

    func key(of state: State) -> [UInt8] { state.summary.key }

    func actions(in state: State) -> [ManagerAction] {
        let summary = state.summary
        let requests = Requests(bounds, world.images, summary)
        var actions: [ManagerAction] = []
        let idle = summary.cores.indices.filter { summary.cores[$0].place == .host }
        if let core = idle.first { actions += requests.list.map { .request($0, core: core) } }
        for core in idle { actions += requests.switches(from: core).map { .request($0, core: core) } }
        for (core, what) in summary.cores.enumerated() {
            if !(what.isFree && core > 0) { actions.append(.interrupt(core: core)) }
            // After INIT a core is the host's again, which may ask for something at once.
            if what.running != nil { actions.append(.request(HostRequest(.info), core: core)) }
            switch what.place {
            case .host: break
            case .guest, .isolatedGuest:
                actions += stops(what.guest ?? 0).map { .exit($0, core: core) }
            case .waiting: actions += ManagerAction.Answer.allCases.map { .answer($0, core: core) }
            }
        }
        // What a reset leaves does not depend on how many environments there were.
        return actions + (bounds.images.count == 1 ? [.fault, .reset] : [.fault])
    }

    private func stops(_ slot: Int) -> [GuestStop] {
        let isLinux = bounds.images[slot].kind == .linuxGuest
        if bounds.isThorough { return isLinux ? GuestStop.allOfLinux : GuestStop.all }
        return isLinux ? GuestStop.fewOfLinux : GuestStop.few
    }

    mutating func step(_ state: State, _ action: ManagerAction) -> (next: State, violation: Violation?) {
        world.restore(state.kept)
        let registers: (before: HostRegisters, after: HostRegisters)
        do {
            registers = try world.perform(action)
        } catch {
            return (state, Violation(Property.i9.rawValue, "the take-over failed: \(error)"))
        }
        let after = world.summarize()
        let isNew = after.slots != state.summary.slots || !world.hasMemory(of: state.kept)
        let transition = Transition(
            action: action, before: state.summary, pagesBefore: state.kept.pages, changesMemory: isNew,
            after: after, world: world, asked: registers.before, answered: registers.after)
        note(transition)
        for property in Property.allCases {
            guard let finding = property.finding(in: transition) else { continue }
            return (state, Violation(property.rawValue, finding))
        }
        guard isNew || after.key != state.summary.key else { return (state, nil) }
        return (State(kept: world.keep(after: state.kept), summary: after), nil)
    }

    /// Faults in an action at every call of the machine, one after the other. Returns how many there were, and the first thing that
    /// one of them left.
    func faults(in action: ManagerAction, from state: State) throws(ErrorCode) -> (
        count: Int, finding: String?
    ) {
        var count = 0
        while true {
            world.restore(state.kept)
            guard try world.fault(in: action, call: count) else { return (count, nil) }
            count += 1
            if let finding = world.findingAfterFault() { return (count, finding) }
        }
    }

    private mutating func note(_ transition: Transition) {
        if transition.isAccepted, let command = transition.command { accepted.insert("\(command)") }
        if case .exit(let stop, let core) = transition.action {
            stops.insert("\(stop.exit.kind) \(transition.before.cores[core].place)")
        }
        guard !transition.isReset else { return }
        for (old, new) in zip(transition.before.slots, transition.after.slots) where old.state != new.state {
            edges.insert("\(old.state) → \(new.state)")
        }
    }
}

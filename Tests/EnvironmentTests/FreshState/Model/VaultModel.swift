import Exploration
import FreshState
import SICEABI

/// Every interleaving of commits, loads, cuts, lost and late messages, and of a host that offers any table that there ever was.
struct VaultModel: Explorable {
    let rule: HistoryRule
    /// A host that extends before it stores: what a cut between the two costs.
    var storesLate = false
    /// Tables that are sealed on one way.
    var mostTables = 3
    private var seed: UInt64 = 0

    init(_ rule: HistoryRule = .chain) { self.rule = rule }

    func start() -> VaultWorld { VaultWorld(rule) }

    mutating func step(_ state: VaultWorld, _ action: VaultAction) -> (
        next: VaultWorld, violation: Violation?
    ) {
        var next = state
        seed += 100
        next.bench.seed(seed)
        if let violation = next.perform(action) { return (next, violation) }
        return (next, next.isHostile ? nil : stranded(next))
    }

    func actions(in state: VaultWorld) -> [VaultAction] {
        if state.command != nil {
            var actions: [VaultAction] = [.deliver, .loseAnswer, .loseCommand, .reset]
            // What changes nothing in the TPM may be late without a loss.
            if state.command.map(state.kind(of:))?.last != -1 { actions.append(.withhold) }
            if state.withheld != nil { actions.append(.deliverLate) }
            if state.answer != nil { actions.append(.replay) }
            return actions
        }
        var actions: [VaultAction] = [.restart, .reset]
        if state.withheld != nil { actions.append(.deliverLate) }
        switch state.bench.vault.phase {
        case .closed: actions.append(.look)
        case .looking: actions += [.begin] + state.tables.indices.map(VaultAction.offer)
        case .offered, .pending:
            if state.unstored != nil { actions.append(.store) }
            if state.unstored == nil || storesLate { actions.append(.settle) }
            if state.present == nil { actions += state.tables.indices.map(VaultAction.offer) }
        case .open:
            if state.tables.count < mostTables { actions.append(.commit) }
            if state.unstored != nil { actions.append(.store) }
        }
        return actions
    }

    /// A host that only ever lost power and answers has, after the next start, all that anybody was told.
    private func stranded(_ state: VaultWorld) -> Violation? {
        var world = state
        for action in [VaultAction.reset, .look, .deliver, .deliver] {
            if let violation = world.perform(action) { return violation }
        }
        for table in world.kept.sorted(by: >) where world.bench.vault.phase != .open {
            if let violation = world.perform(.offer(table)) { return violation }
        }
        let rest: [VaultAction] =
            world.pending == nil ? [.begin] : [.settle, .deliver, .deliver, .deliver, .deliver]
        if world.bench.vault.phase != .open {
            for action in rest {
                if let violation = world.perform(action) { return violation }
            }
        }
        return world.bench.vault.phase == .open ? nil : Violation("live", "no table is taken after a cut")
    }
}

import EvidenceFormat
import SICEABI
import Soaking
import Testing

/// One thing that a host says or does wrong, and what must be found.
struct Lie: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Changes an observation; false where this lie cannot be told.
    let tell: @Sendable (SoakCommand?, inout SoakObservation) -> Bool
    let isFound: @Sendable (SoakProblem) -> Bool

    init(
        _ name: String, _ tell: @escaping @Sendable (SoakCommand?, inout SoakObservation) -> Bool,
        isFound: @escaping @Sendable (SoakProblem) -> Bool
    ) {
        testDescription = name
        self.tell = tell
        self.isFound = isFound
    }

    /// In a command's end.
    static func end(
        _ name: String, _ tell: @escaping @Sendable (SoakCommand?, inout SoakObservation) -> Bool
    ) -> Lie {
        Lie(name, tell) { if case .ended = $0 { true } else { false } }
    }

    /// Another state than one that is there.
    static func state(_ name: String, _ right: LifecycleState, _ wrong: LifecycleState) -> Lie {
        Lie(name) { _, seen in
            // Guests may be seen in two states.
            let index = seen.environments.firstIndex { $0.state == right && $0.name != "small" }
            index.map { seen.environments[$0].state = wrong }
            return index != nil
        } isFound: {
            if case .state(_, wrong, [right]) = $0 { true } else { false }
        }
    }

    /// An environment that is no longer what it was.
    static func change(
        _ name: String, _ tell: @escaping @Sendable (inout SoakObservation) -> Bool
    ) -> Lie {
        // Not when it was just created: what it is like then is right.
        Lie(name) { command, seen in
            if case .stop = command, !seen.environments.isEmpty { tell(&seen) } else { false }
        } isFound: {
            if case .changed = $0 { true } else { false }
        }
    }
}

/// A host that lies once, as soon as it can, but not at once.
struct LyingHost: SoakHost {
    private var host = SimulatedHost()
    private let lie: Lie
    private var commands = 0
    private(set) var hasLied = false
    /// What was asked for after the lie.
    private(set) var later = 0

    init(_ lie: Lie) { self.lie = lie }

    mutating func perform(_ command: SoakCommand?) -> SoakObservation {
        var seen = host.perform(command)
        commands += 1
        if hasLied { later += 1 } else if commands > 10 { hasLied = lie.tell(command, &seen) }
        return seen
    }
}

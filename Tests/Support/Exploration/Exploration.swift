/// What visiting every state found.
public struct Exploration<Action: CustomStringConvertible>: CustomStringConvertible {
    /// Different states that were reached.
    public internal(set) var states = 0
    /// Actions that were taken, also those that led to a known state.
    public internal(set) var transitions = 0
    /// Steps of the shortest way to the state that is farthest from the start.
    public internal(set) var depth = 0
    /// The shortest way to a transition that breaks a property; nil when none does.
    public internal(set) var counterexample: Counterexample<Action>?

    public var description: String {
        "\(states) states, \(transitions) transitions, depth \(depth)"
            + (counterexample.map { "\n\($0)" } ?? "")
    }
}

/// A way from the start to a violation; no way is shorter.
public struct Counterexample<Action: CustomStringConvertible>: CustomStringConvertible {
    public let actions: [Action]
    public let violation: Violation

    public var description: String {
        let steps = actions.enumerated().map { "  \($0 + 1). \($1)" }
        return (["\(violation)"] + steps).joined(separator: "\n")
    }
}

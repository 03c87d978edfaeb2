/// A system whose states can be visited one by one: from a state, each action leads to one next state.
public protocol Explorable {
    /// All that is needed to go on from here. The explorer drops a state once it has gone on from it.
    associatedtype State
    associatedtype Action: CustomStringConvertible
    /// What decides the future of a state: two states of one key are the same state.
    associatedtype Key: Hashable

    mutating func start() -> State
    func key(of state: State) -> Key
    /// The actions that can happen in a state, always in the same order.
    mutating func actions(in state: State) -> [Action]
    /// The state after an action, and the first property that the transition breaks.
    mutating func step(_ state: State, _ action: Action) -> (next: State, violation: Violation?)
}

/// A property that does not hold.
public struct Violation: Equatable, Sendable, CustomStringConvertible {
    /// The property's name.
    public let property: String
    /// What was seen instead.
    public let finding: String

    public init(_ property: String, _ finding: String) {
        self.property = property
        self.finding = finding
    }

    public var description: String { "\(property): \(finding)" }
}

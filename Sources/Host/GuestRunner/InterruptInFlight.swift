/// An interrupt on its way to a guest; there is one at most.
enum InterruptInFlight: Equatable, Sendable {
    case none
    /// The guest has it, and has not taken it yet.
    case pending
    /// Given to a guest that was not entered then: it goes with the next entry.
    case held(UInt8)

    /// Whether another one must not be given.
    var isPending: Bool { self != .none }

    /// Before an entry that does not reach the guest: what is given waits.
    func holding(_ vector: UInt8?) -> Self { vector.map { .held($0) } ?? self }

    /// For an entry that reaches the guest: what it gets, and what is on its way then.
    func delivering(_ vector: UInt8?) -> (vector: UInt8?, after: Self) {
        if let vector { return (vector, .pending) }
        if case .held(let held) = self { return (held, .pending) }
        return (nil, self)
    }

    /// When the guest or its page says whether it has one that it did not take.
    func observed(pending: Bool) -> Self {
        if case .held = self { return self }
        return pending ? .pending : .none
    }
}

import SICEABI

/// A set of lifecycle states. (`OptionSet` builds its values through arrays, which need a heap.)
struct StateSet {
    private let bits: UInt8

    static let absent = StateSet(of: .absent)
    static let loading = StateSet(of: .loading)
    static let sealed = StateSet(of: .sealed)
    static let runnable = StateSet(of: .runnable)
    static let running = StateSet(of: .running)
    static let dead = StateSet(of: .dead)
    static let scrubbing = StateSet(of: .scrubbing)

    private init(of state: LifecycleState) { bits = Self.bit(state) }
    private init(bits: UInt8) { self.bits = bits }

    static func | (left: StateSet, right: StateSet) -> StateSet { StateSet(bits: left.bits | right.bits) }

    func contains(_ state: LifecycleState) -> Bool { bits & Self.bit(state) != 0 }

    private static func bit(_ state: LifecycleState) -> UInt8 { 1 << (state.rawValue & 7) }
}

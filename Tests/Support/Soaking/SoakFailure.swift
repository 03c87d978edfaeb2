public import SICEABI

/// The first thing that was not as it must be.
public struct SoakFailure: Error, Equatable, CustomStringConvertible {
    public let seed: UInt64
    /// From 1; 0 before the first.
    public let step: Int
    /// Nil when nothing was asked for.
    public let command: SoakCommand?
    public let problem: SoakProblem

    /// With the seed, so that the same steps can be taken again.
    public var description: String {
        let doing = command.map { "sice " + $0.words.joined(separator: " ") } ?? "start"
        return "soak: SICE_SEED=\(seed), step \(step) (\(doing)): \(problem)"
    }
}

/// What can be wrong.
public enum SoakProblem: Equatable, Sendable {
    /// Somebody who was there before the first step, and whom no command names, has changed.
    case bystander(UInt32)
    /// The host gives no answer that can be read.
    case unreadable(String)
    /// It ended otherwise than it must.
    case ended(status: Int, output: String, expected: SoakExpectation)
    /// The identifiers that are there, and that must be.
    case identifiers([UInt32], expected: [UInt32])
    case state(UInt32, LifecycleState, expected: Set<LifecycleState>)
    /// It has a core of its own, and the list says something else.
    case mode(UInt32)
    /// Pages, or measurement, of an environment are no longer those that it was created with.
    case changed(UInt32)
    /// Free pages and those of all environments are not as many as before the first step.
    case pages(UInt64, expected: UInt64)
}

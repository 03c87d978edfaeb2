public import Appraisal
public import SICEABI

/// One attack on the verdict: what is tried, what success would look like, and the wall that stands in its
/// way.
public struct EvidenceAttack: Sendable {
    /// What refuses the attack, and nothing else does: with it gone, the forged evidence would be affirmed.
    public enum Wall: Equatable, Sendable {
        /// All of these checks do not pass.
        case checks(Set<Check.Identifier>)
        /// The evidence does not parse, with this row of the error table.
        case parser(ErrorCode)
        /// The machine is not enrolled, with this row of the error table.
        case enrollment(ErrorCode)
    }

    /// `E01`.
    public let number: String
    public let name: String
    /// Row of the threat table in SECURITY.md.
    public let threat: String
    public let success: String
    public let wall: Wall
    /// Makes what the verifier gets. Throws ``Unavailable`` when the scene lacks something.
    let forge: @Sendable (EvidenceScene) throws(Unavailable) -> Attempt

    init(
        _ number: String, _ name: String, threat: String, success: String, wall: Wall,
        _ forge: @escaping @Sendable (EvidenceScene) throws(Unavailable) -> Attempt
    ) {
        self.number = number
        self.name = name
        self.threat = threat
        self.success = success
        self.wall = wall
        self.forge = forge
    }
}

/// Why an attack cannot be tried.
struct Unavailable: Error {
    let reason: String
}

/// What came of an attack.
public struct AttackResult: Sendable {
    public enum Outcome: String, Sendable {
        /// Refused by the wall that the attack is about.
        case held = "held"
        /// Affirmed; or refused, but not by its wall, so that nobody knows whether that stands.
        case broken = "broken"
        /// The scene lacks what the attack needs.
        case notProvided = "not provided"
    }

    public let attack: EvidenceAttack
    public let outcome: Outcome
    /// Checks that did not pass, or the row of the error table, in a fixed order; empty when affirmed.
    public let refusedBy: [String]
    /// Why it was not tried, or what is wrong with the refusal; may be empty.
    public let detail: String
}

/// The same for those who have results of other attacks besides.
public typealias EvidenceAttackResult = AttackResult

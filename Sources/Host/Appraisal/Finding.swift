internal import Diagnostics
internal import Evidence

/// One question of an appraisal: what it compares, and nothing else. Its answer is typed; the words for people are in
/// Wording.
protocol AppraisalPolicy: SendableMetatype {
    associatedtype Answer: Finding
    /// None where there is nothing to ask: the verdict then counts the question as skipped, or leaves it out when nobody
    /// asked it. Throws for what the verifier itself holds and cannot be read, and for signatures that do not parse.
    static func findings(
        _ evidence: UnverifiedEvidence, _ expectations: Expectations
    ) throws(ToolError) -> [Answer]
}

/// What a policy found out.
protocol Finding: Equatable, Sendable {
    static var question: Check.Identifier { get }
    var status: Check.Status { get }
    var words: Wording { get }
}

/// A value that is there against the one that must be there.
struct Comparison<Value: Equatable & Sendable>: Equatable, Sendable {
    let expected: Value
    let found: Value

    var status: Check.Status { expected == found ? .pass : .fail }
}

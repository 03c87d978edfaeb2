internal import Evidence
internal import ReportFormat
internal import SICEABI

/// The machine has the protections that the verifier's policy requires. One that the report does not mention is as good
/// as absent.
enum PosturePolicy: AppraisalPolicy {
    /// A protection and what the report says of it, nil for nothing.
    struct Protection: Equatable, Sendable {
        let claim: PostureClaim
        let value: PostureValue?
    }

    struct Answer: Finding {
        /// Protections that the policy does not accept as they are, in the order of the table.
        let missing: [Protection]
        /// How many the policy requires.
        let required: Int
        /// Name of the verifier's policy.
        let policy: String

        static let question = Check.Identifier.posture
        var status: Check.Status { missing.isEmpty ? .pass : .fail }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        let policy = expectations.policy
        let posture = evidence.report.claims.posture
        let missing = PostureClaim.all.filter { !policy.accepts($0, posture[$0]) }
            .map { Protection(claim: $0, value: posture[$0]) }
        return [Answer(missing: missing, required: policy.required.count, policy: policy.name)]
    }
}

internal import Evidence
internal import ReportFormat
internal import SICEABI

/// The verifier's policy accepts the environment's state.
enum StatePolicy: AppraisalPolicy {
    struct Answer: Finding {
        let state: LifecycleState
        let accepted: Set<LifecycleState>
        /// Name of the verifier's policy.
        let policy: String

        static let question = Check.Identifier.state
        var status: Check.Status { accepted.contains(state) ? .pass : .fail }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        let policy = expectations.policy
        return [
            Answer(state: evidence.report.claims.state, accepted: policy.states, policy: policy.name)
        ]
    }
}

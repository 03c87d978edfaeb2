internal import Evidence
internal import ReportFormat

/// The verifier's policy accepts the image's debug status.
enum DebugPolicy: AppraisalPolicy {
    struct Answer: Finding {
        let isDebug: Bool
        let allowsDebug: Bool
        /// Name of the verifier's policy.
        let policy: String

        static let question = Check.Identifier.debug
        var status: Check.Status { isDebug && !allowsDebug ? .fail : .pass }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        let policy = expectations.policy
        return [
            Answer(
                isDebug: evidence.report.claims.isDebug, allowsDebug: policy.allowsDebug, policy: policy.name)
        ]
    }
}

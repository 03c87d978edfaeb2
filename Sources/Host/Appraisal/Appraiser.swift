public import Diagnostics
public import Evidence

/// Turns unverified evidence into a verdict (RFC 9334).
public struct Appraiser: Sendable {
    private let evidence: UnverifiedEvidence
    private let expectations: Expectations

    /// Every question that is asked. One that is missing here counts as skipped, and nothing is affirmed then.
    private static let policies: [any AppraisalPolicy.Type] = [
        NoncePolicy.self, ReportSignaturePolicy.self, AttestationKeyPolicy.self, QuoteOriginPolicy.self,
        QuoteSignaturePolicy.self, QuoteBindingPolicy.self, PCRDigestPolicy.self, LogReplayPolicy.self,
        ReportKeyPolicy.self, ReferenceValuesPolicy.self, ManagerDigestPolicy.self, MeasurementPolicy.self,
        DebugPolicy.self, StatePolicy.self, PosturePolicy.self, RuntimeLogPolicy.self,
        WorkloadDataPolicy.self,
    ]

    public init(_ evidence: UnverifiedEvidence, _ expectations: Expectations) {
        self.evidence = evidence
        self.expectations = expectations
    }

    /// Asks every policy, also after one found something wrong: a person wants to see all of it.
    /// Throws `enrollmentUnreadable`, and `evidenceMalformedQuote` or `evidenceTruncated` for a signature that does not
    /// parse.
    public func verdict() throws(ToolError) -> Verdict {
        var checks: [Check] = []
        for policy in Appraiser.policies { checks += try policy.checks(evidence, expectations) }
        return Verdict(checks)
    }
}

extension AppraisalPolicy {
    fileprivate static func checks(
        _ evidence: UnverifiedEvidence, _ expectations: Expectations
    ) throws(ToolError) -> [Check] {
        try findings(evidence, expectations).map(Check.init)
    }
}

internal import Evidence
internal import EvidenceFormat

/// The report is signed by the report key that the bundle brings, and names it. Whose key that is, is for
/// ``ReportKeyPolicy``.
enum ReportSignaturePolicy: AppraisalPolicy {
    enum Answer: Finding {
        case valid, invalid

        static let question = Check.Identifier.reportSignature
        var status: Check.Status { self == .valid ? .pass : .fail }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        [evidence.report.isSigned(by: evidence.bundle.reportKey) ? .valid : .invalid]
    }
}

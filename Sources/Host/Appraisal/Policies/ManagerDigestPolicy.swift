internal import Evidence
internal import Reference
internal import ReportFormat

/// The report is of the expected manager.
enum ManagerDigestPolicy: AppraisalPolicy {
    enum Answer: Finding {
        case noReference
        case digest(Comparison<[UInt8]>)

        static let question = Check.Identifier.managerDigest
        var status: Check.Status {
            switch self {
            case .noReference: .skipped
            case .digest(let digest): digest.status
            }
        }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        guard let reference = expectations.reference else { return [.noReference] }
        let found = evidence.report.claims.managerDigest
        return [.digest(Comparison(expected: reference.managerDigest, found: found))]
    }
}

internal import Evidence
internal import EvidenceFormat
internal import ReportFormat

/// The log has every entry that the manager still keeps, and leads to the head that the report signs. A chain value alone
/// vouches for a suffix only: who cuts the log at its start computes the base that goes with the rest.
enum RuntimeLogPolicy: AppraisalPolicy {
    /// Numbers of a log's first entry and of the one after its last. Evidence may say that the first comes after.
    struct Bounds: Equatable, Sendable {
        let start: UInt64
        let end: UInt64
    }

    enum Answer: Finding {
        /// The expected ones start with how many entries the manager does not keep any more.
        case bounds(Comparison<Bounds>)
        case head(Comparison<[UInt8]>)
        case base(Comparison<[UInt8]>)

        static let question = Check.Identifier.runtimeLog
        var status: Check.Status {
            switch self {
            case .bounds(let bounds): bounds.status
            case .head(let chain), .base(let chain): chain.status
            }
        }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        let (log, claims) = (evidence.runtimeLog, evidence.report.claims)
        let dropped = claims.droppedLogEntries
        let answers: [Answer] = [
            .bounds(
                Comparison(
                    expected: Bounds(start: dropped, end: claims.logCount),
                    found: Bounds(start: log.start, end: log.end))),
            .head(Comparison(expected: claims.logHead, found: log.head)),
        ]
        guard dropped == 0 else { return answers }
        let base = evidence.bundle.runtimeLogBase
        return answers + [.base(Comparison(expected: RuntimeLogChain.start, found: base))]
    }
}

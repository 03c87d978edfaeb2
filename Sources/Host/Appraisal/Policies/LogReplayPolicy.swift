internal import Evidence
internal import EvidenceFormat

/// Each quoted PCR is what the log makes of it, and the log has no event that the quote does not cover.
enum LogReplayPolicy: AppraisalPolicy {
    enum Answer: Finding {
        case value(pcr: Int, Comparison<[UInt8]>)
        /// The first PCR with an event that is not quoted, nil when there is none.
        case unquoted(pcr: Int?)

        static let question = Check.Identifier.logReplay
        var status: Check.Status {
            switch self {
            case .value(_, let value): value.status
            case .unquoted(let pcr): pcr == nil ? .pass : .fail
            }
        }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        let log = evidence.bootLog
        let values = zip(EvidenceBundle.quotedPCRs, evidence.bundle.pcrs).map { pcr, value in
            Answer.value(pcr: pcr, Comparison(expected: value, found: log.replay(pcr: pcr)))
        }
        let other = log.events.map { Int($0.pcr) }.first { !EvidenceBundle.quotedPCRs.contains($0) }
        return values + [.unquoted(pcr: other)]
    }
}

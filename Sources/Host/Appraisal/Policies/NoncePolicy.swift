internal import Evidence
internal import EvidenceFormat
internal import ReportFormat

/// Bundle and report must both answer the challenge that was really sent.
enum NoncePolicy: AppraisalPolicy {
    enum Place: Sendable { case bundle, report }

    enum Answer: Finding {
        case noChallenge
        case nonce(Comparison<[UInt8]>, in: Place)

        static let question = Check.Identifier.nonce
        var status: Check.Status {
            switch self {
            case .noChallenge: .skipped
            case .nonce(let nonce, _): nonce.status
            }
        }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        guard let nonce = expectations.nonce else { return [.noChallenge] }
        return [
            .nonce(Comparison(expected: nonce, found: evidence.bundle.nonce), in: .bundle),
            .nonce(Comparison(expected: nonce, found: evidence.report.claims.nonce), in: .report),
        ]
    }
}

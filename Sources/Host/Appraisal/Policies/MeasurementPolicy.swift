internal import Evidence
internal import Reference
internal import ReportFormat

/// The environment runs an image that the verifier accepts.
enum MeasurementPolicy: AppraisalPolicy {
    enum Answer: Finding {
        /// Nobody said what may run.
        case nothingAccepted
        case measurement([UInt8], accepted: [[UInt8]])

        static let question = Check.Identifier.measurement
        var status: Check.Status {
            switch self {
            case .nothingAccepted: .skipped
            case .measurement(let found, let accepted): accepted.contains(found) ? .pass : .fail
            }
        }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        guard let accepted = expectations.measurements ?? expectations.reference?.images.map(\.measurement),
            !accepted.isEmpty
        else { return [.nothingAccepted] }
        return [.measurement(evidence.report.claims.measurement, accepted: accepted)]
    }
}

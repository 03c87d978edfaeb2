/// The result of an appraisal: never a Boolean, always with its reasons.
public struct Verdict: Equatable, Sendable {
    public enum Outcome: String, Sendable {
        /// Every check passed.
        case affirmed = "affirmed"
        /// A check failed.
        case refused = "refused"
        /// No check failed, but not all could be made.
        case notAppraised = "could not appraise"

        /// Exit status of `verify`.
        public var exitStatus: Int32 {
            switch self {
            case .affirmed: 0
            case .refused: 1
            case .notAppraised: 2
            }
        }
    }

    /// One for each ``Check/Identifier``, in its order; `workloadData` only when it was asked.
    public let checks: [Check]
    /// Each single comparison that was made, of which ``checks`` has one for each question.
    public let answers: [Check]

    /// A question without an answer counts as skipped; of two answers the worse counts.
    init(_ answers: [Check]) {
        self.answers = answers
        checks = Check.Identifier.allCases.compactMap { identifier in
            let own = answers.filter { $0.identifier == identifier }
            if own.isEmpty, identifier == .workloadData { return nil }
            return own.first { $0.status == .fail } ?? own.first { $0.status == .skipped } ?? own.first
                ?? Check(unasked: identifier)
        }
    }

    public var outcome: Outcome {
        if checks.contains(where: { $0.status == .fail }) { return .refused }
        return checks.allSatisfy { $0.status == .pass } ? .affirmed : .notAppraised
    }
}

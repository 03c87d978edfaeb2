internal import Diagnostics
internal import Evidence
internal import EvidenceFormat

/// The enrolled key signed the quote. The key that verifies is the enrolled one, never the one that the bundle brings.
enum QuoteSignaturePolicy: AppraisalPolicy {
    enum Answer: Finding {
        case notEnrolled, valid, invalid

        static let question = Check.Identifier.quoteSignature
        var status: Check.Status {
            switch self {
            case .notEnrolled: .skipped
            case .valid: .pass
            case .invalid: .fail
            }
        }
    }

    static func findings(
        _ evidence: UnverifiedEvidence, _ expectations: Expectations
    ) throws(ToolError) -> [Answer] {
        guard let enrolled = try expectations.enrolledKey() else { return [.notEnrolled] }
        let bundle = evidence.bundle
        let isValid = try enrolled.isValidSignature(bundle.quoteSignature, message: bundle.quote)
        return [isValid ? .valid : .invalid]
    }
}

internal import Evidence
internal import EvidenceFormat

/// The quote is a structure that only a TPM makes: it signs no others that begin so.
enum QuoteOriginPolicy: AppraisalPolicy {
    enum Answer: Finding {
        case quote
        /// Not a TPM's: its first bytes, where magic and type belong.
        case foreign(start: [UInt8])

        static let question = Check.Identifier.quoteOrigin
        var status: Check.Status { self == .quote ? .pass : .fail }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        [evidence.quote == nil ? .foreign(start: Array(evidence.bundle.quote.prefix(6))) : .quote]
    }
}

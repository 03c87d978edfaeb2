internal import Evidence
internal import EvidenceFormat

/// The quote covers this challenge and this report.
enum QuoteBindingPolicy: AppraisalPolicy {
    struct Answer: Finding {
        let qualifyingData: Comparison<[UInt8]>

        static let question = Check.Identifier.quoteBinding
        var status: Check.Status { qualifyingData.status }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        guard let quote = evidence.quote else { return [] }
        let bundle = evidence.bundle
        let data = QuoteBinding.qualifyingData(
            nonce: expectations.nonce ?? bundle.nonce, report: bundle.report)
        return [Answer(qualifyingData: Comparison(expected: data, found: quote.qualifyingData))]
    }
}

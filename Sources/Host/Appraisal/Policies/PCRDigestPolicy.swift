internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto

/// The quote covers the PCRs that the format names, with the values that the bundle brings.
enum PCRDigestPolicy: AppraisalPolicy {
    enum Answer: Finding {
        case selection(Comparison<[Int]>)
        case digest(Comparison<[UInt8]>)

        static let question = Check.Identifier.pcrDigest
        var status: Check.Status {
            switch self {
            case .selection(let pcrs): pcrs.status
            case .digest(let digest): digest.status
            }
        }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        guard let quote = evidence.quote else { return [] }
        let digest = SHA256.hash(evidence.bundle.pcrs.flatMap { $0 })
        return [
            .selection(Comparison(expected: EvidenceBundle.quotedPCRs, found: quote.pcrs)),
            .digest(Comparison(expected: digest, found: quote.pcrDigest)),
        ]
    }
}

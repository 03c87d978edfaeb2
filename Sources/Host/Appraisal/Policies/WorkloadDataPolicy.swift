internal import Evidence
internal import OpenSSLCrypto
internal import ReportFormat

/// The workload vouches for the key that the verifier was given; only asked with one.
enum WorkloadDataPolicy: AppraisalPolicy {
    struct Answer: Finding {
        let data: Comparison<[UInt8]>

        static let question = Check.Identifier.workloadData
        var status: Check.Status { data.status }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        guard let key = expectations.workloadKey else { return [] }
        let expected = SHA256.hash(key) + [UInt8](repeating: 0, count: 32)
        return [Answer(data: Comparison(expected: expected, found: evidence.report.claims.workloadData))]
    }
}

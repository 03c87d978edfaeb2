internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import SICEABI

/// The payload extends the hash of the report key that the manager made on this boot. Digests count, never the event's
/// type; that the event stands in its place is a matter of the reference values.
enum ReportKeyPolicy: AppraisalPolicy {
    struct Answer: Finding {
        /// Hash of the bundle's report key.
        let expected: [UInt8]
        /// Digests of all events under the report key's name: exactly one may be there.
        let vouched: [[UInt8]]

        static let question = Check.Identifier.reportKey
        var status: Check.Status { vouched == [expected] ? .pass : .fail }
    }

    static let eventName = "\(BootMeasurement.reportKey)"

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        let vouched = evidence.bootLog.events.filter {
            $0.pcr == BootMeasurement.configurationPCR && $0.data == Array(eventName.utf8)
        }
        return [
            Answer(expected: SHA256.hash(evidence.bundle.reportKey), vouched: vouched.map(\.digest))
        ]
    }
}

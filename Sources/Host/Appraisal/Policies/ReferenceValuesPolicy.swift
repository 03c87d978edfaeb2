internal import Evidence
internal import EvidenceFormat
internal import Reference

/// The log is the expected one, event by event, in order. Types and data are compared as well: nobody trusts them, but
/// a log whose words were changed is not the machine's.
enum ReferenceValuesPolicy: AppraisalPolicy {
    /// A place in a log.
    enum Entry: Equatable, Sendable {
        case header([UInt8])
        case event(BootLog.Event)
        case end
    }

    enum Answer: Finding {
        case noReference
        /// All of the log's events.
        case same(events: Int)
        /// The first difference; `name` is what the reference calls that entry.
        case differs(index: Int, name: String?, expected: Entry, found: Entry)

        static let question = Check.Identifier.referenceValues
        var status: Check.Status {
            switch self {
            case .noReference: .skipped
            case .same: .pass
            case .differs: .fail
            }
        }
    }

    static func findings(_ evidence: UnverifiedEvidence, _ expectations: Expectations) -> [Answer] {
        guard let reference = expectations.reference else { return [.noReference] }
        let log = evidence.bootLog
        let expectedEvents = reference.expectedEvents(reportKey: evidence.bundle.reportKey)
        let expected = [.header(reference.logHeader)] + expectedEvents.map(Entry.event) + [.end]
        let found = [.header(log.header)] + log.events.map(Entry.event) + [.end]
        // Both end with `end`, which equals no other entry: they are the same, or differ before one of them is over.
        guard let index = zip(expected, found).enumerated().first(where: { $1.0 != $1.1 })?.offset else {
            return [.same(events: log.events.count)]
        }
        let events = reference.events
        let name = index > 0 && index <= events.count ? events[index - 1].name : nil
        return [.differs(index: index, name: name, expected: expected[index], found: found[index])]
    }
}

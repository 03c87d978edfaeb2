internal import Appraisal
internal import Evidence
internal import EvidenceFormat
internal import Reference
internal import StrictJSON

/// What the machine measured when it started, event by event.
extension VerdictPage {
    /// Honest logs have a dozen events; evidence may bring any number.
    private static let most = 64

    var bootLinks: [ChainLink] {
        let found = evidence.bootLog.events
        let reference = expectations.reference
        let expected = reference?.expectedEvents(reportKey: evidence.bundle.reportKey) ?? []
        return (0..<min(max(found.count, expected.count), VerdictPage.most)).map { index in
            let pair = EventPair(
                index: index, expected: index < expected.count ? expected[index] : nil,
                found: index < found.count ? found[index] : nil, isKnown: reference != nil)
            let isReportKey = reference.map { index < $0.events.count && $0.events[index].digest == nil }
            return pair.link(isReportKey: isReportKey ?? false)
        }
    }
}

/// The same place of two logs.
private struct EventPair {
    let index: Int
    let expected: BootLog.Event?
    let found: BootLog.Event?
    /// Whether there is a log to compare with.
    let isKnown: Bool

    func link(isReportKey: Bool) -> ChainLink {
        let event = expected ?? found
        let name = event?.name ?? ""
        let words = MeasuredPart(name: name)
        return ChainLink(
            title: words.title, name: name, meaning: words.meaning, digest: (found ?? expected)?.digest ?? [],
            values: [value(isReportKey: isReportKey)])
    }

    private func value(isReportKey: Bool) -> ChainLink.Value {
        let source =
            !isKnown
            ? "reference values with --reference"
            : isReportKey ? "hash of the evidence's report key" : "reference values, event \(index + 1)"
        let isLong = expected.map { $0.pcr != found?.pcr || $0.type != found?.type || $0.data != found?.data }
        return ChainLink.Value(
            title: "", expected: words(expected, isLong ?? false), expectedSource: source,
            found: words(found, isLong ?? false), foundSource: "event log, event \(index + 1)",
            status: !isKnown ? .skipped : expected == found ? .pass : .fail)
    }

    private func words(_ event: BootLog.Event?, _ isLong: Bool) -> String {
        guard let event else { return "no event" }
        let digest = Hex.encode(event.digest)
        guard isLong else { return "PCR \(event.pcr) \(digest)" }
        return "PCR \(event.pcr) type \(event.type) data \(Hex.encode(event.data)) digest \(digest)"
    }
}

extension BootLog.Event {
    /// Its data as text, which is how firmware names what it measures.
    fileprivate var name: String { String(decoding: data.prefix { $0 != 0 }, as: UTF8.self) }
}

internal import Evidence
internal import SICEABI

extension LogReplayPolicy.Answer {
    var words: Wording {
        switch self {
        case .value(let pcr, let value):
            return Wording(
                expected: "PCR \(pcr) \(value.expected.hex)", from: "bundle: pcrs",
                found: "PCR \(pcr) \(value.found.hex)", in: "event log")
        case .unquoted(let pcr):
            let none = "no event of another PCR"
            return Wording(
                expected: none, from: "evidence format", found: pcr.map { "event of PCR \($0)" } ?? none,
                in: "event log")
        }
    }
}

extension ReportKeyPolicy.Answer {
    var words: Wording {
        Wording(
            expected: expected.hex, from: "bundle: report_key",
            found: vouched.map(\.hex).joined(separator: " "),
            in: "event log: \(ReportKeyPolicy.eventName) in PCR \(BootMeasurement.configurationPCR)")
    }
}

extension Wording {
    fileprivate static let noReference = Wording(missing: "reference values with --reference")
}

extension ReferenceValuesPolicy.Answer {
    var words: Wording {
        switch self {
        case .noReference: return .noReference
        case .same(let events):
            let count = "\(events) events"
            return Wording(expected: count, from: "reference", found: count, in: "event log")
        case .differs(let index, let name, let expected, let found):
            return Wording(
                expected: expected.words, from: "reference: entry \(index)\(name.map { " (\($0))" } ?? "")",
                found: found.words, in: "event log: entry \(index)")
        }
    }
}

extension ReferenceValuesPolicy.Entry {
    fileprivate var words: String {
        switch self {
        case .header(let bytes): bytes.hex
        case .event(let event):
            "PCR \(event.pcr) type \(event.type) data \(event.data.hex) digest \(event.digest.hex)"
        case .end: "end of the log"
        }
    }
}

extension ManagerDigestPolicy.Answer {
    var words: Wording {
        switch self {
        case .noReference: .noReference
        case .digest(let digest):
            Wording(digest, from: "reference: manager_digest", in: "report: manager digest")
        }
    }
}

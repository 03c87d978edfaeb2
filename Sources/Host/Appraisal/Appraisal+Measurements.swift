internal import Crypto
internal import Evidence
internal import EvidenceFormat
internal import Reference
internal import ReportFormat
internal import SICEABI

/// Did the machine start what it should have, and is the report key the one that it made then?
extension Appraisal {
    func measurementChecks() -> [Check] {
        replayChecks() + [reportKeyCheck()] + referenceChecks()
    }

    /// Each quoted PCR is what the log makes of it, and the log has no event that the quote does not cover.
    private func replayChecks() -> [Check] {
        let values = zip(EvidenceBundle.quotedPCRs, bundle.pcrs).map { pcr, value in
            Check.compare(
                .logReplay, expected: "PCR \(pcr) \(value.hex)", from: "bundle: pcrs",
                found: "PCR \(pcr) \(evidence.bootLog.replay(pcr: pcr).hex)", in: "event log")
        }
        let others = evidence.bootLog.events.map { Int($0.pcr) }.filter {
            !EvidenceBundle.quotedPCRs.contains($0)
        }
        return values + [
            .compare(
                .logReplay, expected: "no event of another PCR", from: "evidence format",
                found: others.isEmpty ? "no event of another PCR" : "event of PCR \(others[0])",
                in: "event log")
        ]
    }

    /// The payload extends the hash of the report key that the manager made on this boot. Digests count, never the
    /// event's type; that the event stands in its place is a matter of the reference values.
    private func reportKeyCheck() -> Check {
        let name = "\(BootMeasurement.reportKey)"
        let vouched = evidence.bootLog.events.filter {
            $0.pcr == BootMeasurement.configurationPCR && $0.data == Array(name.utf8)
        }
        return .compare(
            .reportKey, expected: SHA256.hash(bundle.reportKey).hex, from: "bundle: report_key",
            found: vouched.map(\.digest.hex).joined(separator: " "),
            in: "event log: \(name) in PCR \(BootMeasurement.configurationPCR)")
    }

    private func referenceChecks() -> [Check] {
        guard let reference = expectations.reference else {
            return [Check.Identifier.referenceValues, .managerDigest].map {
                .skipped($0, missing: "reference values with --reference")
            }
        }
        return [
            eventsCheck(reference),
            .compare(
                .managerDigest, expected: reference.managerDigest.hex, from: "reference: manager_digest",
                found: claims.managerDigest.hex, in: "report: manager digest"),
        ]
    }

    /// Matches the log event by event, in order; shows the first difference. Types and data are compared as well:
    /// nobody trusts them, but a log whose words were changed is not the machine's.
    private func eventsCheck(_ reference: ReferenceValues) -> Check {
        let log = evidence.bootLog
        let expected = [reference.logHeader.hex] + reference.events.map(describe)
        let found = [log.header.hex] + log.events.map(describe)
        for index in 0..<max(expected.count, found.count) {
            let want = index < expected.count ? expected[index] : "end of the log"
            let have = index < found.count ? found[index] : "end of the log"
            guard want != have else { continue }
            let name =
                index > 0 && index <= reference.events.count ? " (\(reference.events[index - 1].name))" : ""
            return .compare(
                .referenceValues, expected: want, from: "reference: entry \(index)\(name)", found: have,
                in: "event log: entry \(index)")
        }
        let count = "\(log.events.count) events"
        return .compare(
            .referenceValues, expected: count, from: "reference", found: count, in: "event log")
    }

    private func describe(_ event: ReferenceValues.Event) -> String {
        describe(event.pcr, event.type, event.data, event.digest ?? SHA256.hash(bundle.reportKey))
    }

    private func describe(_ event: BootLog.Event) -> String {
        describe(event.pcr, event.type, event.data, event.digest)
    }

    private func describe(_ pcr: UInt32, _ type: UInt32, _ data: [UInt8], _ digest: [UInt8]) -> String {
        "PCR \(pcr) type \(type) data \(data.hex) digest \(digest.hex)"
    }
}

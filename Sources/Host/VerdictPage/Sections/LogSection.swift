internal import Diagnostics
internal import Evidence
internal import ReportFormat
internal import SICEABI
internal import StrictJSON

/// The manager's own record: drawn as a time line, and entry by entry.
extension VerdictPage {
    var logSection: HTML {
        Tag.section(.labelled(by: .runtimeLog)) {
            Tag.h2(.id(.runtimeLog)) { "Run-time log" }
            Tag.p { extent }
            Tag.p { alarm }
            if !shownEntries.isEmpty {
                LogDrawing(entries: shownEntries).svg
                PageTable(
                    caption: "Entries of the run-time log, the oldest first",
                    columns: ["Entry", "Event", "Environment", "Error", "Measurement"],
                    rows: shownEntries.map(row)
                ).html
            }
        }
    }

    /// No manager keeps more; evidence may bring any number.
    private var shownEntries: [RuntimeLogEntry] { evidence.runtimeLog.entries.suffix(ABI.logCapacity) }

    private var extent: String {
        let (count, dropped) = (claims.logCount, claims.droppedLogEntries)
        let kept = dropped == 0 ? "All are kept" : "The first \(dropped) are not kept any more"
        let left = evidence.runtimeLog.entries.count - shownEntries.count
        let rest = left > 0 ? " \(left) entries of the evidence are not shown." : ""
        return
            "\(count) entries since the machine started. \(kept). They stand in the order in which it happened; "
            + "the security manager has no clock.\(rest)"
    }

    private var alarm: String {
        let count = shownEntries.filter(\.event.isAlarming).count
        return count == 0
            ? "None of those below tells of a crash, a refused request, an unexpected reset or a failure."
            : "\(count) of those below, marked with !, tell of a crash, a refused request, an unexpected reset or a failure: "
                + "ask what is behind them."
    }

    private func row(_ entry: RuntimeLogEntry) -> PageTable.Row {
        let mark = entry.event.isAlarming ? "! " : ""
        let detail = entry.detail.isEmpty ? "" : " (\(entry.detail))"
        let error = ErrorCode(rawValue: entry.error).map { "\($0.name): \($0.description.summary)" }
        let isEmpty = entry.digest.allSatisfy { $0 == 0 }
        return PageTable.Row(
            anchor: nil, look: entry.event.isAlarming ? .fail : nil,
            head: [.text("\(entry.sequence) \(entry.event.letter)")],
            cells: [
                [.text("\(mark)\(entry.event.words)\(detail)")],
                [.text(entry.environment == 0 ? "–" : "\(entry.environment)")],
                [.text(error ?? (entry.error == 0 ? "–" : "\(entry.error)"))],
                [isEmpty ? .text("–") : .quoted(Hex.encode(entry.digest))],
            ])
    }
}

public import EvidenceFormat
public import ManagerAccess
internal import SICEABI
internal import StrictJSON

/// How environments are listed, over HTTP and by `sice list`.
public enum EnvironmentList {
    /// The document.
    public static func listing(_ records: [EnvironmentRecord]) -> EnvironmentListing {
        EnvironmentListing(
            records.map { record in
                EnvironmentListing.Entry(
                    identifier: record.identifier, name: record.name, state: record.state,
                    mode: record.mode, isDebug: record.isDebug, pages: record.pages, runs: record.runs,
                    measurement: record.measurement, windowPages: record.windowPages)
            })
    }

    /// A table for people.
    public static func lines(_ records: [EnvironmentRecord]) -> [String] {
        let heading = ["ID", "NAME", "STATE", "MODE", "PAGES", "RUNS", "MEASUREMENT"]
        let rows = records.map { record in
            [
                String(record.identifier), record.name + (record.isDebug ? " (debug)" : ""),
                record.state.name, record.mode.map { "\($0.name)" } ?? "-", String(record.pages),
                String(record.runs),
                Hex.encode(record.measurement),
            ]
        }
        let widths = heading.indices.map { column in ([heading] + rows).map { $0[column].count }.max() ?? 0 }
        return ([heading] + rows).map { row in
            zip(row, widths).map { text, width in
                text + String(repeating: " ", count: width - text.count)
            }.joined(separator: "  ")
        }
    }
}

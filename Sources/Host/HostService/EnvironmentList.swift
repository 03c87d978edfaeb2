public import ManagerClient
internal import SICEABI
public import StrictJSON

/// How environments are listed, over HTTP and by `sice list`. Schema `sice.environments/1`.
public enum EnvironmentList {
    public static func json(_ records: [EnvironmentRecord]) -> JSON {
        .object([
            "schema": .string("sice.environments/1"), "environments": .array(records.map(json)),
        ])
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

    private static func json(_ record: EnvironmentRecord) -> JSON {
        .object([
            "id": .integer(Int64(record.identifier)), "name": .string(record.name),
            "state": .string(record.state.name),
            "mode": record.mode.map { .string("\($0.name)") },
            "debug": .boolean(record.isDebug), "pages": .integer(Int64(clamping: record.pages)),
            "runs": .integer(Int64(clamping: record.runs)),
            "measurement": .string(Hex.encode(record.measurement)),
            "window_pages": .array(record.windowPages.map { .integer(Int64($0)) }),
        ])
    }
}

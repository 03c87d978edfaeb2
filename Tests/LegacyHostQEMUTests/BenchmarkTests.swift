import Foundation
import Testing

/// What `tools/bench sice` prints. No time is judged here.
@Suite struct BenchmarkTests {
    static let isAskedFor = ProcessInfo.processInfo.environment["SICE_BENCH"] == "1"
    static let tests = ["copy", "gzip", "gunzip", "fork", "getpid", "insmod", "wget"]
    static let modes = ["native", "kvm", "timesharing", "multicore"]

    struct Row {
        let name: String
        let value: Double
        let unit: String

        init(_ line: Substring) throws {
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            name = try #require(object["name"] as? String)
            value = try #require(object["value"] as? Double)
            unit = try #require(object["unit"] as? String)
        }
    }

    private static func script(_ name: String) -> String {
        BootedMachine.root.appending(path: "tools/sice-cost/\(name)").path
    }

    private static let folder = FileManager.default.temporaryDirectory

    /// Makes rows of what the runner printed.
    private static func table(_ results: String) throws -> (tool: Tool, rows: [String: Row]) {
        let file = folder.appending(path: "results-\(UUID().uuidString)")
        try Data(results.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let tool = try Tool("sice-bench", ["linux", "--format", "json", file.path], in: folder)
        let rows = try tool.lines.map(Row.init)
        return (tool, Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) }))
    }

    /// A short run on a machine gives every row. Two minutes, for rows that a person asks for: by `SICE_BENCH=1`, as ci/long does.
    @Test(
        .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"),
        .enabled(if: BenchmarkTests.isAskedFor, "needs SICE_BENCH=1; ci/long runs it"),
        .timeLimit(.minutes(10)))
    func run_givesEveryRow() throws {
        let plan = (Self.tests + ["idle"]).map { "\($0)=1" }.joined(separator: " ")
        let arguments = ["--instructions", "--rounds", "1", "--plan", plan]
        var run = try Tool(Self.script("run"), arguments, in: Self.folder)
        // The legacy host's kernel hung before there was an environment.
        if run.status == 75 { run = try Tool(Self.script("run"), arguments, in: Self.folder) }
        try #require(run.status == 0, "\(run.errors)")
        let (tool, rows) = try Self.table(run.output)
        #expect(tool.status == 0, "\(tool.errors)")
        for mode in Self.modes.suffix(2) { #expect(rows["sice.idle.exits_\(mode)"] != nil) }
        for test in Self.tests {
            for mode in Self.modes { #expect(try #require(rows["sice.\(test).\(mode)"]).value > 0) }
            for mode in Self.modes.suffix(2) {
                #expect(rows["sice.\(test).overhead_\(mode)"] != nil)
                #expect(rows["sice.\(test).exits_\(mode)"] != nil)
                #expect(rows["sice.\(test).instruction_overhead_\(mode)"] != nil)
            }
        }
    }
}

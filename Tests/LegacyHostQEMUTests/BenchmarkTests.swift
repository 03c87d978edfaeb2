import Foundation
import Testing

/// What `tools/bench sice` prints. No time is judged here.
@Suite struct BenchmarkTests {
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
        let tool = try Tool("bash", ["-c", "'\(script("table"))' json <'\(file.path)'"], in: folder)
        let rows = try tool.lines.map(Row.init)
        return (tool, Dictionary(uniqueKeysWithValues: rows.map { ($0.name, $0) }))
    }

    /// Every test in every mode took `time` nanoseconds, so often.
    private static func results(_ time: Int, repetitions: Int = 1, guestSeconds: Double = 5) -> String {
        var lines: [String] = []
        for (index, mode) in modes.enumerated() {
            lines.append("clock \(mode) 1000 \(index)")
            for (number, test) in tests.enumerated() {
                lines += Array(repeating: "row \(mode) \(test) \(time)", count: repetitions)
                lines.append("exits \(mode) \(number + 1) 6 1 2 3 0 0")
                lines.append("instructions \(mode) \(test) \(1000 + index * 10) 7")
            }
            lines += ["row \(mode) idle 2000000000", "exits \(mode) 8 50 1 2 3 0 0"]
            lines.append("clock \(mode) 5000001000 \(index + Int(guestSeconds * 1e9))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    @Test func table_takesMediansAndQuartiles() throws {
        var results = Self.results(20_000_000)
        for time in [10, 20, 30, 40, 50] { results += "row timesharing copy \(time * 1_000_000)\n" }
        let (tool, rows) = try Self.table(results)
        #expect(tool.status == 0, "\(tool.errors)")
        #expect(rows["sice.copy.kvm"]?.value == 0.02 && rows["sice.copy.kvm"]?.unit == "seconds")
        #expect(rows["sice.copy.timesharing"]?.value == 0.025)
        #expect(rows["sice.copy.overhead_timesharing"]?.value == 25)
        #expect(rows["sice.copy.overhead_multicore"]?.value == 0)
        #expect(rows["sice.copy.exits_timesharing"]?.value == 1)
        #expect(rows["sice.copy.instructions_kvm"]?.value == 1010)
        #expect(rows["sice.fork.instructions_kvm"]?.value == 20_200)
        #expect(
            abs(try #require(rows["sice.copy.instruction_overhead_multicore"]).value - 2000 / 1010.0) < 1e-3)
        // Measured 500 at a time, stated for 10,000.
        #expect(rows["sice.fork.native"]?.value == 0.4)
        #expect(rows["sice.fork.exits_multicore"]?.value == 120)
        #expect(rows["sice.idle.exits_multicore"]?.value == 25)
        #expect(tool.output.contains(#""low": 0.02, "high": 0.0375, "repetitions": 6"#), "\(tool.output)")
    }

    @Test func reject_missingRow() throws {
        let results = Self.results(1).replacingOccurrences(of: "row kvm gzip 1\n", with: "")
        let (tool, rows) = try Self.table(results)
        #expect(tool.status == 69 && rows.isEmpty)
        #expect(tool.errors.contains("gzip was not measured in mode kvm"), "\(tool.errors)")
        let uncounted = Self.results(1).replacingOccurrences(
            of: "instructions native wget 1000 7\n", with: "")
        #expect(
            try Self.table(uncounted).tool.errors.contains(
                "instructions of wget were not counted in mode native"))
    }

    @Test func reject_wrongClockAndComplaints() throws {
        #expect(try Self.table(Self.results(1, guestSeconds: 4.8)).tool.status == 69)
        #expect(try Self.table(Self.results(1) + "error kvm 77 sice: no\n").tool.status == 69)
    }

    /// A short run on a machine gives every row.
    @Test(.enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"), .timeLimit(.minutes(10)))
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

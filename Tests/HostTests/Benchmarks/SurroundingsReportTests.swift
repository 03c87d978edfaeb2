import Benchmarks
import Testing

/// What `tools/bench sice` prints. No time is judged here.
@Suite struct SurroundingsReportTests {
    /// Every task in every mode took `time` nanoseconds, so often.
    private static func results(_ time: Int, repetitions: Int = 1, guestSeconds: Double = 5) -> String {
        var lines: [String] = []
        for (index, mode) in Surroundings.allCases.enumerated() {
            lines.append("clock \(mode) 1000 \(index)")
            for task in LinuxTask.allCases {
                lines += Array(repeating: "row \(mode) \(task) \(time)", count: repetitions)
                lines.append("exits \(mode) \(task.number) 6 1 2 3 0 0")
                lines.append("instructions \(mode) \(task) \(1000 + index * 10) 7")
            }
            lines += ["row \(mode) idle 2000000000", "exits \(mode) 8 50 1 2 3 0 0"]
            lines.append("clock \(mode) 5000001000 \(index + Int(guestSeconds * 1e9))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func line(_ name: String, _ report: SurroundingsReport) throws -> String {
        try #require(report.json.first { $0.hasPrefix(#"{"name": "sice.\#(name)","#) })
    }

    private func problems(_ text: String) -> [String] {
        do throws(BenchmarkError) {
            _ = try SurroundingsReport(text)
            return []
        } catch {
            guard case .unusable(let problems) = error else { return ["\(error)"] }
            return problems
        }
    }

    @Test func table_takesMediansAndQuartiles() throws {
        var results = Self.results(20_000_000)
        for time in [10, 20, 30, 40, 50] { results += "row timesharing copy \(time * 1_000_000)\n" }
        let report = try SurroundingsReport(results)
        #expect(
            try line("copy.kvm", report).hasSuffix(
                #""value": 0.02, "unit": "seconds", "low": 0.02, "high": 0.02, "repetitions": 1}"#))
        #expect(
            try line("copy.timesharing", report).hasSuffix(
                #""value": 0.025, "unit": "seconds", "low": 0.02, "high": 0.0375, "repetitions": 6}"#))
        #expect(
            try line("copy.overhead_timesharing", report).hasSuffix(
                #""value": 25, "unit": "percent", "goal": 5, "met": false}"#))
        #expect(
            try line("copy.overhead_multicore", report).hasSuffix(
                #""value": 0, "unit": "percent", "goal": 3, "met": true}"#))
        #expect(try line("copy.exits_timesharing", report).contains(#""value": 1,"#))
        #expect(
            try line("copy.instructions_kvm", report).hasSuffix(
                #""value": 1010, "unit": "instructions", "other": 7}"#))
        #expect(try line("copy.instruction_overhead_multicore", report).contains(#""value": 1.9802,"#))
        #expect(try line("idle.exits_multicore", report).contains(#""value": 25,"#))
        // 7 tasks: two rows in each mode, three more in two of them; and two that wait.
        #expect(report.json.count == 7 * (4 * 2 + 2 * 3) + 2)
    }

    /// Measured 500 at a time, stated for 10,000.
    @Test func fork_isStatedForMore() throws {
        let report = try SurroundingsReport(Self.results(20_000_000))
        #expect(try line("fork.native", report).contains(#""value": 0.4,"#))
        #expect(try line("fork.exits_multicore", report).contains(#""value": 120,"#))
        #expect(try line("fork.instructions_kvm", report).contains(#""value": 20200,"#))
    }

    @Test func table_forAPerson() throws {
        let text = try SurroundingsReport(Self.results(20_000_000)).text
        #expect(text.count == 8 + 9 + 8)
        #expect(
            text[0]
                == "seconds  native                   KVM                      time-sharing                      "
                + "multi-core                       ")
        let value = "0.02 (0.02-0.02)         "
        #expect(text[1] == "copy     " + value + value + value + "+0.0%    " + value + "+0.0%   ")
        #expect(text[9] == "copy            6.0        6.0")
        #expect(text[16] == "idle           25.0       25.0 a second")
        #expect(text[18].hasPrefix("copy     0.001 + 7e-06"))
    }

    @Test func reject_missingRow() {
        let all = Self.results(1)
        #expect(problems(all) == [])
        #expect(
            problems(all.replacing("row kvm gzip 1\n", with: "")) == ["gzip was not measured in mode kvm"])
        #expect(
            problems(all.replacing("instructions native wget 1000 7\n", with: ""))
                == ["instructions of wget were not counted in mode native"])
        #expect(
            problems(all.replacing("row multicore idle 2000000000\n", with: ""))
                == ["no guest waited in mode multicore"])
    }

    @Test func reject_wrongClockAndComplaints() {
        #expect(
            problems(Self.results(1, guestSeconds: 4.8))
                == Surroundings.allCases.map { "the clock in mode \($0) ran at 0.960 of the right rate" })
        #expect(
            problems(Self.results(1) + "error kvm 77 sice: no\n")
                == ["in mode kvm: error kvm 77 sice: no"])
    }

    @Test(arguments: [
        "row kvm copy", "row kvm copy x", "exits kvm 1", "instructions kvm copy 1", "clock kvm 1",
    ])
    func reject_malformed(_ line: String) {
        #expect(problems(Self.results(1) + line + "\n") == ["cannot be read: \(line)"])
    }
}

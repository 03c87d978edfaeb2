import Benchmarks
import Testing

@Suite struct CostTests {
    private func metrics(_ text: String) -> Metrics {
        var metrics = Metrics()
        metrics.read(text)
        return metrics
    }

    private func row(_ name: String, _ text: String) throws -> CostRow {
        try CostRow(try #require(Cost.named(name).first), metrics(text))
    }

    /// The least of what was measured, whatever else is printed.
    @Test func value_isTheLeast() throws {
        let row = try row(
            "switch.roundtrip",
            "check a 1 1\nmetric switch.roundtrip 1040 instructions\nmetric switch.roundtrip 1018 instructions\n"
        )
        #expect(row.value == 1018 && row.goal == 1033 && row.isMet == true)
        #expect(
            row.json
                == #"{"name": "switch.roundtrip", "value": 1018, "unit": "instructions", "goal": 1033, "met": true}"#
        )
        #expect(row.text == "switch.roundtrip               1018  instructions        <= 1033")
        #expect(CostRow.heading == "benchmark                     value  unit                   goal")
    }

    @Test func goal_isMissed() throws {
        let row = try row("payload.bytes", "metric payload.bytes 131073 bytes")
        #expect(row.isMet == false && row.text.hasSuffix("MISSED 131072"))
        #expect(row.json.hasSuffix(#""goal": 131072, "met": false}"#))
    }

    @Test func value_withoutGoal() throws {
        let row = try row("switch.floor", "metric switch.floor 93 instructions")
        #expect(row.isMet == nil)
        #expect(row.json == #"{"name": "switch.floor", "value": 93, "unit": "instructions"}"#)
    }

    /// 2 MiB are hashed at 30 a mebibyte, and 64 MiB cleared at 1: 124. 155 is a quarter more.
    @Test func boot_isComparedWithItsFloor() throws {
        let text = """
            metric boot.measured_bytes 2097152
            metric boot.smram_bytes 67108864
            metric boot.hash_mebibyte 30
            metric boot.hash_mebibyte 31
            metric boot.clear_mebibyte 1
            metric boot.instructions 155
            metric boot.instructions 170
            """
        #expect(try row("boot.floor", text).value == 124)
        let ratio = try row("boot.ratio", text)
        #expect(ratio.value == 1.25 && ratio.isMet == false)
    }

    @Test func ratios_areOfTheLeast() throws {
        let flash =
            "metric flash.ours 300\nmetric flash.bare 200\nmetric flash.ours 400\nmetric flash.bare 500"
        #expect(try row("flash.ratio", flash).value == 1.5)
        #expect(try row("flash.seconds", flash).value == 0.3)
        #expect(try row("measure.ratio", "metric measure.ours 9\nmetric measure.theirs 10").value == 0.9)
        let bytes = "metric load.per_byte 57500\nmetric sha256.per_byte 50000"
        #expect(try row("load.per_byte", bytes).isMet == true)
        #expect(try row("load.per_byte", bytes.replacing("57500", with: "57501")).isMet == false)
    }

    @Test(arguments: Cost.all.map(\.name)) func reject_nothingMeasured(_ name: String) throws {
        #expect(throws: BenchmarkError.self) { try row(name, "metric other 1\nmetric \(name) many\n") }
    }

    @Test func reject_whatIsMissing() throws {
        #expect(throws: BenchmarkError.missing("measure.theirs")) {
            try row("measure.ratio", "metric measure.ours 9")
        }
        #expect(throws: BenchmarkError.unknown("speed")) { try Cost.named("speed") }
        #expect(BenchmarkError.unknown("speed").exitStatus == 64)
        #expect(BenchmarkError.missing("speed").exitStatus == 69)
    }

    @Test func names_areUnique() { #expect(Set(Cost.all.map(\.name)).count == Cost.all.count) }
}

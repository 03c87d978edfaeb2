import Benchmarks
import Testing

@Suite struct ProfileTests {
    private let symbols = """
        0000004000001000 T first
        0000004000001010 D data
        0000004000001020 t second(with: "a name")
        """

    @Test func instructions_areThoseOfTheFunctionBefore() throws {
        let counts =
            "samples 4\n0000004000000fff 2\n0000004000001000 4\n0000004000001018 8\n0000004000001020 20\n"
        let profile = try Profile(symbols: symbols, counts: counts)
        #expect(
            profile.rows.map(\.function) == [#"second(with: "a name")"#, "first", "(outside the manager)"])
        #expect(profile.rows.map(\.instructions) == [5, 3, 0.5])
        #expect(profile.text.last == "       8.5  in all")
        #expect(profile.json[0] == #"{"function": "second(with: \"a name\")", "instructions": 5.0}"#)
    }

    @Test(arguments: ["", "samples 0\n0000004000001000 1\n", "samples 3\n"])
    func reject_nothingCounted(_ counts: String) {
        #expect(throws: BenchmarkError.missing("profile")) { try Profile(symbols: symbols, counts: counts) }
    }
}

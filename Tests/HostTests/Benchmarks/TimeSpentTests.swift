import Benchmarks
import Testing

@Suite struct TimeSpentTests {
    private func spent(_ parts: KeyValuePairs<String, Double>) -> TimeSpent {
        var time = TimeSpent()
        for (name, seconds) in parts { time.add(seconds, to: name) }
        return time
    }

    @Test func picture_isAligned() {
        let time = spent(["build": 30, "boot": 12.04, "attest": 0.3, "run": 100, "verify": 0])
        #expect(
            time.picture == [
                "build      30.0 s   21 %  ############",
                "boot       12.0 s    8 %  #####",
                "attest      0.3 s    0 %",
                "run       100.0 s   70 %  ########################################",
                "verify      0.0 s    0 %",
                "in all    142.3 s  100 %",
            ])
    }

    /// A long name moves all columns, a long time does not.
    @Test func picture_isAsWideAsItsNames() {
        let time = spent(["reference": 123_456.7, "x": 123_456.7])
        let bar = String(repeating: "#", count: 40)
        #expect(
            time.picture == [
                "reference  123456.7 s   50 %  \(bar)", "x          123456.7 s   50 %  \(bar)",
                "in all     246913.4 s  100 %",
            ])
    }

    @Test func turns_areOneSum() {
        #expect(spent(["run": 1, "attest": 2, "run": 3]) == spent(["run": 4, "attest": 2]))
        #expect(spent(["run": 1, "attest": 2]) != spent(["attest": 2, "run": 1]))
    }

    /// Nothing is divided by nothing, and no clock that was set back makes a bar.
    @Test func nothing_isNoPicture() {
        #expect(spent([:]).picture == [])
        #expect(spent(["run": 0]).picture == ["run         0.0 s    0 %", "in all      0.0 s    0 %"])
        #expect(spent(["run": -5]) == spent(["run": 0]))
    }

    @Test(arguments: [
        "", "build", "=5", "build=", "build=x", "build=-1", "build=1=2", "bu ld=1", "build=99999999999",
    ])
    func reject_whatIsNoTime(_ text: String) {
        #expect(TimeSpent.parse(text) == nil)
    }

    @Test func time_isReadInMilliseconds() throws {
        let time = try #require(TimeSpent.parse("build=61500"))
        #expect(time.name == "build" && time.seconds == 61.5)
    }
}

import Benchmarks
import Testing

@Suite struct SoakRunTests {
    @Test func run_isKilledEverySecondTime() {
        #expect((1...6).map { SoakRun($0).kill == nil } == [true, false, true, false, true, false])
    }

    /// Every stage but the last, at different moments.
    @Test func moments_areInEveryStage() {
        let moments = (1...70).compactMap { SoakRun($0 * 2).kill }
        #expect(Set(moments.map(\.stage)) == Set(1...7))
        // The second stage boots Linux.
        #expect(moments[0].stage == 2 && moments[0].pause == 4.04)
        #expect(moments[1].stage == 3 && moments[1].pause == 0.08)
        for stage in 1...7 { #expect(Set(moments.filter { $0.stage == stage }.map(\.pause)).count == 5) }
    }

    @Test func stages_areCounted() {
        #expect(SoakRun.stages(in: "") == 0)
        #expect(SoakRun.stages(in: "demo: flash\nsice-attest: demo: no\ndemo: boot\ndem") == 2)
    }
}

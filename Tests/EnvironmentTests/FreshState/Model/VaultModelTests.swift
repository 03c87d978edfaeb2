import Exploration
import Testing

/// What is told to an environment stays true over every cut and every trick of the host; and the model would see it if not.
@Suite struct VaultModelTests {
    @Test func everyInterleaving_keepsWhatWasTold() {
        var model = VaultModel()
        let result = model.explore(limit: 200_000)
        print("vault: \(result)")
        #expect(result.counterexample == nil && result.states > 1000)
    }

    /// A table that was stored and never committed passes for the one that was.
    @Test func counter_isFooledByAFork() {
        var model = VaultModel(.counter)
        #expect(model.explore(limit: 200_000).counterexample?.violation.property == "fresh")
    }

    /// Who extends before the table is stored loses it to a cut between the two.
    @Test func storingLate_losesState() {
        var model = VaultModel()
        model.storesLate = true
        #expect(model.explore(limit: 200_000).counterexample?.violation.property == "live")
    }
}

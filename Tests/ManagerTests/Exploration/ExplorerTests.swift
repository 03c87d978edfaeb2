import Exploration
import Testing

/// The explorer itself, on two counters that anybody may raise or clear.
@Suite struct ExplorerTests {
    private struct Counters: Explorable {
        struct Raise: CustomStringConvertible {
            /// Which counter; nil clears both.
            let index: Int?
            var description: String { index.map { "raise \($0)" } ?? "clear" }
        }
        let top: Int
        /// What must not be reached.
        var forbidden: [Int]?

        func start() -> [Int] { [0, 0] }
        func key(of state: [Int]) -> [Int] { state }
        func actions(in state: [Int]) -> [Raise] {
            state.indices.filter { state[$0] < top }.map { Raise(index: $0) } + [Raise(index: nil)]
        }

        func step(_ state: [Int], _ action: Raise) -> (next: [Int], violation: Violation?) {
            var next = state
            if let index = action.index { next[index] += 1 } else { next = [0, 0] }
            return (next, next == forbidden ? Violation("forbidden", "\(next)") : nil)
        }
    }

    @Test func everyStateIsVisitedOnce() {
        var counters = Counters(top: 3)
        let exploration = counters.explore(limit: 100)
        #expect(exploration.states == 16)
        // Each counter is raised in 12 of the states; each state is cleared.
        #expect(exploration.transitions == 12 + 12 + 16)
        #expect(exploration.depth == 6)
        #expect(exploration.counterexample == nil)
    }

    @Test func counterexampleIsShortest() {
        var counters = Counters(top: 3, forbidden: [1, 2])
        let counterexample = counters.explore(limit: 100).counterexample
        #expect(counterexample?.violation == Violation("forbidden", "[1, 2]"))
        #expect(counterexample?.actions.map(\.description).sorted() == ["raise 0", "raise 1", "raise 1"])
    }
}

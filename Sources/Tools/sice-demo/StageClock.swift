internal import Benchmarks
internal import Synchronization

/// Where the time of this run of the demo goes: a stage lasts until the next one begins.
enum StageClock {
    private struct State {
        var spent = TimeSpent()
        var name: String?
        var since = ContinuousClock.now
    }

    private static let state = Mutex(State())

    /// What was spent before this program began.
    static func add(_ seconds: Double, to name: String) {
        state.withLock { $0.spent.add(seconds, to: name) }
    }

    /// Ends the stage before and begins one; nil: there is none any more.
    static func begin(_ name: String?) {
        state.withLock { state in
            let now = ContinuousClock.now
            if let name = state.name { state.spent.add((now - state.since) / .seconds(1), to: name) }
            state.name = name
            state.since = now
        }
    }

    /// Ends the last stage.
    static func picture() -> [String] {
        begin(nil)
        return state.withLock { $0.spent.picture }
    }
}

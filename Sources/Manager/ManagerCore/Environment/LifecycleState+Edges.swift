import SICEABI

extension LifecycleState {
    /// The states that may come next: the one table of the lifecycle's edges (I4). ``CommandRow`` says who may ask for one.
    var successors: StateSet {
        switch self {
        case .absent: .loading
        case .loading: .sealed | .dead | .scrubbing
        case .sealed: .runnable | .dead | .scrubbing
        case .runnable: .running | .dead | .scrubbing
        case .running: .runnable | .dead
        case .dead: .scrubbing
        case .scrubbing: .absent
        }
    }
}

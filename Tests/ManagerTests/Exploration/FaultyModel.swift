import Exploration
import SICEABI

/// The same states, and in each action a fault at every call that the manager makes of the machine: what it finds then is half done.
struct FaultyModel: Explorable {
    private var model: ManagerModel
    private(set) var faults = 0

    init(_ bounds: ModelBounds, defect: Defect? = nil) throws(ErrorCode) {
        model = try ManagerModel(bounds, defect: defect)
    }

    mutating func start() -> ManagerModel.State { model.start() }
    func key(of state: ManagerModel.State) -> [UInt8] { model.key(of: state) }

    func actions(in state: ManagerModel.State) -> [ManagerAction] {
        model.actions(in: state).filter { action in
            switch action {
            // A fault in a fault changes nothing, and a reset is none of the manager's steps.
            case .fault, .reset: false
            default: true
            }
        }
    }

    mutating func step(
        _ state: ManagerModel.State, _ action: ManagerAction
    ) -> (next: ManagerModel.State, violation: Violation?) {
        do {
            let (count, finding) = try model.faults(in: action, from: state)
            faults += count
            if let finding {
                return (state, Violation(Property.i8.rawValue, "\(finding), at call \(count)"))
            }
        } catch {
            return (state, Violation(Property.i9.rawValue, "the take-over failed: \(error)"))
        }
        return model.step(state, action)
    }
}

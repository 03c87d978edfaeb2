import SICEABI

/// What a command needs before its handler runs: the one table behind invariant I4.
struct CommandRow {
    enum Scope {
        /// At any time after the boot handoff.
        case always
        /// Only before the machine is locked: the payload's commands.
        case boot
        /// Only once the machine is locked.
        case locked
    }

    let scope: Scope
    /// Whether it is still answered after a fault of the manager (I8): reading, nothing else.
    let afterFault: Bool
    /// States of the environment in RCX that accept it; nil when RCX names none.
    let states: StateSet?

    static func row(of command: Command) -> CommandRow {
        switch command {
        case .info, .readLog, .logBase, .status:
            CommandRow(scope: .always, afterFault: true, states: nil)
        case .install, .lock:
            CommandRow(scope: .boot, afterFault: false, states: nil)
        case .reportKey:
            CommandRow(scope: .always, afterFault: false, states: nil)
        case .create:
            CommandRow(scope: .locked, afterFault: false, states: nil)
        case .load, .seal:
            CommandRow(scope: .locked, afterFault: false, states: .loading)
        case .attach:
            CommandRow(scope: .locked, afterFault: false, states: .sealed)
        case .run, .launch:
            CommandRow(scope: .locked, afterFault: false, states: .runnable)
        case .stop:
            CommandRow(scope: .locked, afterFault: false, states: .runnable | .running | .dead)
        case .kick:
            CommandRow(scope: .locked, afterFault: false, states: .running)
        case .report:
            CommandRow(scope: .locked, afterFault: false, states: .sealed | .runnable | .running | .dead)
        case .destroy:
            CommandRow(
                scope: .locked, afterFault: false, states: .loading | .sealed | .runnable | .dead | .scrubbing
            )
        }
    }
}

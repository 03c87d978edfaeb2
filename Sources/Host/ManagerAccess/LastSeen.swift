/// Which environments had a core of their own when somebody last looked: a guess that saves a look, and that the manager's
/// answer corrects. Nothing is decided by it alone.
final class LastSeen {
    private var onOwnCore: Set<UInt32> = []

    func isOnOwnCore(_ environment: UInt32) -> Bool { onOwnCore.contains(environment) }

    func note(_ environment: UInt32, onOwnCore isOnOwnCore: Bool) {
        if isOnOwnCore { onOwnCore.insert(environment) } else { onOwnCore.remove(environment) }
    }
}

import CMachine
import CManager

/// The one lock of the manager. It knows its owner: a core that finds itself the owner at an entry was thrown
/// out of SMM (INIT) in the middle of a command.
enum Lock {
    /// Tries before a core gives up: far longer than any command takes, also when an emulator lets the owner's core
    /// wait, so that it ends only when the owner is gone.
    private static let patience = 1 << 26

    /// Takes the lock. False when its owner never released it.
    static func take(for owner: UInt32) -> Bool {
        for _ in 0..<patience {
            if sice_lock_try(owner) == 1 { return true }
            sice_pause()
        }
        return false
    }

    static func isHeld(by owner: UInt32) -> Bool { sice_lock_owner() == owner }
    static func release() { sice_lock_release() }
}

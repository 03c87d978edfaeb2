/// What the entry code does after the manager decided.
public enum ManagerStep: Equatable, Sendable {
    /// Write the registers back and return to the host.
    case resumeHost
    /// Release the lock, enter the virtual CPU of this slot, take the lock, call
    /// ``Manager/finish(_:on:registers:machine:)``.
    case enterGuest(slot: Slot)
    /// As ``enterGuest(slot:)``, on a core of multi-core mode: host interrupts are held off, and a signal
    /// (``CoreMachine/signal(_:identifier:_:)``) ends the slice as a ``GuestExitKind/hostInterrupt``.
    case enterIsolated(slot: Slot)
    /// Release the lock, call ``Exchange/wait(machine:)``, take the lock, call ``Manager/resume(_:on:machine:)``.
    case awaitAnswer(Exchange)
}

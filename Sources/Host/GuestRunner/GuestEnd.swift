/// How a guest's machine ended.
public enum GuestEnd: Equatable, Sendable {
    /// It switched itself off, and left this byte.
    case poweredOff(UInt8)
    /// It waits for ever: interrupts off. Linux without a way to switch off ends so.
    case halted
    /// It asked for a reset.
    case reset
    /// Its kernel called the manager's `exit`.
    case exited(UInt64)
}

/// The exchange page: host memory through which a core in multi-core mode and the legacy host pass exits and answers
/// without a world switch. Byte offsets; integers are little-endian.
///
/// The core posts an exit by writing its operands, then ``sequence``, one higher than before, then ``state``: a host that sees
/// that the core left finds its last exit, too. The host answers by writing ``input`` and then ``answered`` with the same
/// number. A core that got no answer for a while goes to sleep,
/// which ``state`` shows; the host then sends ``Command/kick`` after its answer. Both sides keep their own count,
/// so that the other's can only stop the talk, not derail it.
///
/// A Linux guest gets its interrupts here too: with an answer, or at any time by writing ``event``, ``eventNumber`` and
/// sending ``Command/kick``. An event that comes before the one before it was taken is lost.
public enum ExchangeLayout {
    // Written by the core.
    public static let sequence = 0  // u32 exits posted, from 1
    public static let reason = 4  // u32 ExitReason
    public static let firstOperand = 8  // u64
    public static let secondOperand = 16  // u64
    public static let eventPending = 24  // u32 1: a Linux guest had not taken its last event at this exit
    public static let eventSeen = 28  // u32 ``eventNumber`` of that event; a newer one waits
    public static let state = 32  // u32 ExchangeState
    public static let controllers = 40  // u64 ControllerWord as a Linux guest left it, tagged
    public static let postSize = 48
    // Written by the host.
    public static let answered = 64  // u32 the sequence that ``input`` answers
    public static let eventNumber = 68  // u32 counts the events, from 1; written after ``event``
    public static let input = 72  // u64 as RDX of `run`
    public static let event = 80  // u32 as RSI of `run`: GuestEvent
    public static let givenControllers = 88  // u64 as RDI of `run`: ControllerWord
    public static let answerSize = 32
    /// Bytes of the page that are used.
    public static let size = 128
}

/// What a launched core does.
public enum ExchangeState: UInt32, Sendable {
    /// Nothing of it yet: the core did not enter.
    case pending = 0
    case running = 1
    /// It looks at the page for an answer.
    case waiting = 2
    /// It sleeps until ``Command/kick``.
    case asleep = 3
    /// It left SMM.
    case left = 4
}

import SICEABI

/// Which guest stopped, and where.
struct GuestExitContext {
    let slot: Slot
    let core: CoreIndex
}

/// All that the host learns of an exit (I5).
struct ExitReport {
    let reason: ExitReason
    let first: UInt64
    let second: UInt64

    init(_ reason: ExitReason, _ first: UInt64 = 0, _ second: UInt64 = 0) {
        self.reason = reason
        self.first = first
        self.second = second
    }
}

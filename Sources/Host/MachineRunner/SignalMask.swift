internal import Glibc

/// Threads that run Swift's tasks block signals, and children inherit that: without this, `kill` could not end a
/// virtual machine that was left running.
enum SignalMask {
    /// Runs `body` with no signal blocked in this thread.
    static func whileOpen<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) {
        var open = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&open)
        unsafe pthread_sigmask(SIG_SETMASK, &open, &before)
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }
}

public import Diagnostics
internal import Glibc

/// Asks a service to end: it finishes the answers that are under way. Asked a second time, it ends at once.
public final class StopRequest: Sendable {
    let bell: Bell

    /// Throws `serviceFailed`.
    public init() throws(ToolError) { bell = try Bell() }

    public func send() { bell.ring() }

    /// Turns the signals by which a person or a supervisor ends a program into this request; the calling thread, and those
    /// that it starts from then on, do not get them any more. Those that are ignored, as under nohup, stay so. Throws
    /// `serviceFailed`.
    public func sendOnSignals() throws(ToolError) {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for number in [SIGTERM, SIGINT, SIGHUP] where !StopRequest.isIgnored(number) {
            unsafe sigaddset(&signals, number)
        }
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        let awaited = signals
        try BackgroundThread.start {
            var (signals, number) = (awaited, Int32(0))
            while unsafe sigwait(&signals, &number) == 0 { self.send() }
        }
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0,
            let handler = unsafe action.__sigaction_handler.sa_handler
        else { return false }
        return unsafe unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

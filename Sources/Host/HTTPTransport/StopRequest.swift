public import Diagnostics
internal import LinuxSystem
internal import SystemPackage

/// Asks a service to end: it finishes the answers that are under way. Asked a second time, it ends at once.
public final class StopRequest: Sendable {
    let bell: Bell

    /// Throws `serviceFailed`.
    public init() throws(ToolError) {
        bell = try ToolError.ifRefused { () throws(Errno) in try Bell() }
    }

    public func send() { bell.ring() }

    /// Turns the signals by which a person or a supervisor ends a program into this request; the calling thread, and those
    /// that it starts from then on, do not get them any more. Those that are ignored, as under nohup, stay so. Throws
    /// `serviceFailed`.
    public func sendOnSignals() throws(ToolError) {
        let signals = try ToolError.ifRefused { () throws(Errno) in try EndingSignals() }
        try ToolError.ifRefused("a thread") { () throws(Errno) in
            try BackgroundThread.start { while signals.wait() { self.send() } }
        }
    }
}

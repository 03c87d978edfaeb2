internal import COutput
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// Results go to standard output, everything else to standard error.
public enum StandardStreams {
    /// What a program calls first: a stream that is closed stays so, instead of becoming the next file that is opened, and
    /// signals end the program cleanly.
    public static func hold() { sice_begin() }

    /// Writes a line to standard output, at once: who reads it through a pipe may wait for it. Throws `outputFailed`.
    ///
    /// - Parameter path: where the command wrote its data. When that was standard output, the line goes to standard error.
    public static func result(_ line: String, beside path: String? = nil) throws(ToolError) {
        if let path, StreamName.output(path) == STDOUT_FILENO { return message(line) }
        try write(SystemName.bytes(line + "\n"))
    }

    /// Writes bytes to standard output, at once and as they are. Throws `outputFailed`.
    public static func write(_ bytes: [UInt8]) throws(ToolError) {
        do throws(Errno) { try FileDescriptor.standardOutput.writeWhole(bytes) } catch {
            throw failure(error)
        }
    }

    /// Writes bytes to standard output as long as somebody reads it; false when nobody does any more, which ends no program
    /// that called ``outliveReader()``. Throws `outputFailed`.
    public static func writeWhileRead(_ bytes: [UInt8]) throws(ToolError) -> Bool {
        do throws(Errno) { try FileDescriptor.standardOutput.writeWhole(bytes) } catch {
            if error == .brokenPipe { return false }
            throw failure(error)
        }
        return true
    }

    /// The program goes on when the reader of its standard output or standard error has gone, instead of ending as filters do:
    /// for what serves others, or has machines to end first. A write that must arrive still throws.
    ///
    /// A handler, since programs that are started from here would inherit that the signal is ignored.
    public static func outliveReader() { signal(SIGPIPE) { _ in } }

    /// Writes a line to standard output as long as somebody reads it. Throws `outputFailed`.
    public static func resultWhileRead(_ line: String) throws(ToolError) {
        _ = try writeWhileRead(SystemName.bytes(line + "\n"))
    }

    private static func failure(_ error: Errno) -> ToolError {
        ToolError(.outputFailed, "\(StreamName.standardOutput): \(error)")
    }

    /// Writes a line to standard error. When that fails nobody can be told.
    public static func message(_ line: String) {
        try? FileDescriptor.standardError.writeWhole(SystemName.bytes(line + "\n"))
    }

    /// Writes a line to standard error when a person is looking at it.
    public static func progress(_ line: String) {
        if Terminal.isOne(.standardError) { message(line) }
    }
}

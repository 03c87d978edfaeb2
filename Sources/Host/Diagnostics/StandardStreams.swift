internal import Glibc

/// Results go to standard output, everything else to standard error.
public enum StandardStreams {
    /// Writes a line to standard output, at once: who reads it through a pipe may wait for it.
    public static func result(_ line: String) {
        write(SystemName.bytes(line + "\n"))
    }

    /// Writes bytes to standard output, at once and as they are.
    public static func write(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// Writes a line to standard error.
    public static func message(_ line: String) { write(SystemName.bytes(line + "\n"), to: STDERR_FILENO) }

    private static func write(_ bytes: [UInt8], to file: Int32) {
        var sent = 0
        while sent < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(file, buffer.baseAddress! + sent, buffer.count - sent)
            }
            guard written > 0 else { return }
            sent += written
        }
    }

    /// Writes a line to standard error when a person is looking at it.
    public static func progress(_ line: String) {
        if isatty(STDERR_FILENO) == 1 { message(line) }
    }
}

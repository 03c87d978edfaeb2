internal import Diagnostics
internal import Glibc
internal import SICEABI

/// Standard output, or a file that appears only when it is complete.
final class OutputSink {
    private var file: OutputFile?

    /// "-" is standard output. Throws `outputFailed`.
    init(_ path: String) throws(ToolError) {
        file = path == "-" ? nil : try OutputFile(path)
    }

    func write(_ bytes: [UInt8]) throws(ToolError) {
        guard file == nil else {
            try file?.write(bytes)
            return
        }
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress! + sent, $0.count - sent)
            }
            guard count > 0 else { throw ToolError(.outputFailed, "standard output") }
            sent += count
        }
    }

    func commit() throws(ToolError) {
        if let file = file.take() { try file.commit() }
    }
}

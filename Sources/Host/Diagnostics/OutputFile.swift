internal import Glibc
internal import SICEABI

/// A file that appears under its name only when it is complete: written beside it, synced, then renamed, so that
/// neither a crash nor a full disk leaves half a file behind.
public struct OutputFile: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var isCommitted = false

    /// Creates the temporary file beside `path`. Throws `outputFailed`.
    public init(_ path: String) throws(ToolError) {
        self.path = path
        try SystemName.requireText(path, otherwise: .outputFailed)
        var template = Array((path + ".XXXXXX").utf8CString)
        let opened = unsafe template.withUnsafeMutableBufferPointer { buffer in
            unsafe mkstemp(buffer.baseAddress!)
        }
        guard opened >= 0 else { throw OutputFile.failure(path) }
        _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
        descriptor = opened
        temporaryPath = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        close(descriptor)
        if !isCommitted { unsafe unlink(temporaryPath) }
    }

    /// Appends bytes. Throws `outputFailed`.
    public func write(_ bytes: [UInt8]) throws(ToolError) {
        var sent = 0
        while sent < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress! + sent, buffer.count - sent)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw OutputFile.failure(path) }
            sent += written
        }
    }

    /// Gives the file its name. What nobody needs after a crash need not be `synced`. Throws `outputFailed`.
    public consuming func commit(synced: Bool = true) throws(ToolError) {
        guard fchmod(descriptor, 0o644) == 0, !synced || fsync(descriptor) == 0,
            unsafe rename(temporaryPath, path) == 0
        else {
            throw OutputFile.failure(path)
        }
        isCommitted = true
    }

    /// Writes a whole file at once. Throws `outputFailed`.
    public static func write(_ bytes: [UInt8], to path: String, synced: Bool = true) throws(ToolError) {
        let file = try OutputFile(path)
        try file.write(bytes)
        try file.commit(synced: synced)
    }

    private static func failure(_ path: String) -> ToolError {
        ToolError(.outputFailed, "\(path): \(String(systemError: errno))")
    }
}

internal import Glibc
public import SICEABI

/// A file read in pieces or as a whole.
public struct InputFile: ~Copyable {
    private let path: String
    private let descriptor: Int32
    /// Size in bytes when it was opened; nil for pipes.
    public let size: UInt64?

    /// Opens the file. Throws `fileMissing`.
    public init(_ path: String) throws(ToolError) {
        self.path = path
        descriptor = unsafe open(
            SystemName.bytes(path).map(CChar.init(bitPattern:)) + [0], O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw InputFile.failure(path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw InputFile.failure(path) }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw ToolError(.fileMissing, "\(path): \(String(systemError: EISDIR))")
        }
        size = status.st_mode & S_IFMT == S_IFREG ? UInt64(status.st_size) : nil
    }

    deinit { close(descriptor) }

    /// Fills as much of `buffer` as the file still has; returns how many bytes that is. Throws `fileMissing`.
    public func read(into buffer: inout [UInt8]) throws(ToolError) -> Int {
        var got = 0
        while got < buffer.count {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(descriptor, bytes.baseAddress! + got, bytes.count - got)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw InputFile.failure(path) }
            if count == 0 { break }
            got += count
        }
        return got
    }

    /// Reads a whole file. Throws `fileMissing`; `tooLarge` when it has more than `limit` bytes.
    public static func read(
        _ path: String, limit: Int = 256 << 20, tooLarge: ErrorCode = .invalidArgument
    ) throws(ToolError) -> [UInt8] {
        let file = try InputFile(path)
        var contents: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try file.read(into: &piece)
            if count == 0 { return contents }
            contents.append(contentsOf: piece[..<count])
            guard contents.count <= limit else {
                throw ToolError(tooLarge, "\(path): more than \(limit) bytes")
            }
        }
    }

    private static func failure(_ path: String) -> ToolError {
        ToolError(.fileMissing, "\(path): \(String(systemError: errno))")
    }
}

internal import Glibc
public import SICEABI
internal import Synchronization

/// A file read in pieces or as a whole. `-` is standard input.
public struct InputFile: ~Copyable {
    /// For messages.
    public let name: String
    private let descriptor: Int32
    /// Where reading began: standard input need not be at a file's beginning.
    private let start: off_t
    /// Size in bytes when it was opened; nil for pipes.
    public let size: UInt64?
    /// What came through a pipe that shall be read again.
    private let memory: Memory?

    private final class Memory {
        var bytes: [UInt8] = []
        var position = 0
    }

    /// Opens the file. Throws `fileMissing`; `usage` for the second `-`, which would find nothing.
    ///
    /// - Parameter isReadAgain: whether ``rewind()`` will be called: what comes through a pipe is kept in memory then.
    public init(_ path: String, isReadAgain: Bool = false) throws(ToolError) {
        let name = path == "-" ? StreamName.standardInput : path
        if path == "-", InputFile.standardInputIsTaken.exchange(true, ordering: .relaxed) {
            throw ToolError(.usage, "- stands for standard input, which can be read once")
        }
        var status = stat()
        let file: Int32
        do throws(SystemError) { file = try InputFile.open(path, &status) } catch {
            throw ToolError(.fileMissing, "\(name): \(String(systemError: error.number))")
        }
        let isFile = status.st_mode & S_IFMT == S_IFREG
        let position = isFile ? lseek(file, 0, SEEK_CUR) : 0
        (self.name, descriptor, start) = (name, file, position)
        size = isFile ? UInt64(max(0, status.st_size - position)) : nil
        memory = isReadAgain && !isFile ? Memory() : nil
    }

    private static let standardInputIsTaken = Atomic<Bool>(false)

    private static func open(_ path: String, _ status: inout stat) throws(SystemError) -> Int32 {
        let name = SystemName.bytes(path).map(CChar.init(bitPattern:)) + [0]
        let file = try path == "-" ? standardInput() : check(unsafe Glibc.open(name, O_RDONLY | O_CLOEXEC))
        do throws(SystemError) {
            try check(unsafe fstat(file, &status))
            if status.st_mode & S_IFMT == S_IFDIR { throw SystemError(EISDIR) }
        } catch {
            close(file)
            throw error
        }
        return file
    }

    /// Not by way of /dev/stdin, which a RAM disk need not have.
    private static func standardInput() throws(SystemError) -> Int32 {
        // Also one that was closed, see ``StandardStreams/hold()``: before anything else is done.
        guard try check(fcntl(STDIN_FILENO, F_GETFL)) & O_ACCMODE != O_WRONLY else {
            throw SystemError(EBADF)
        }
        return try check(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3))
    }

    deinit { close(descriptor) }

    /// Fills as much of `buffer` as the file still has; returns how many bytes that is. Throws `fileMissing`.
    public func read(into buffer: inout [UInt8]) throws(ToolError) -> Int {
        var got = remember(into: &buffer)
        while got < buffer.count {
            let count = Descriptor.read(descriptor, into: &buffer, from: got)
            guard count >= 0 else { throw ToolError(.fileMissing, "\(name): \(String(systemError: errno))") }
            if count == 0 { break }
            if let memory {
                memory.bytes += buffer[got..<got + count]
                memory.position += count
            }
            got += count
        }
        return got
    }

    private func remember(into buffer: inout [UInt8]) -> Int {
        guard let memory else { return 0 }
        let piece = memory.bytes[memory.position...].prefix(buffer.count)
        buffer.replaceSubrange(..<piece.count, with: piece)
        memory.position += piece.count
        return piece.count
    }

    /// Makes reading begin anew.
    public func rewind() {
        if let memory { memory.position = 0 } else { lseek(descriptor, start, SEEK_SET) }
    }

    /// Reads what is left of it. Throws `fileMissing`; `tooLarge` when that is more than `limit` bytes.
    public func readRest(
        limit: Int = 256 << 20, tooLarge: ErrorCode = .invalidArgument
    ) throws(ToolError) -> [UInt8] {
        var contents: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try read(into: &piece)
            if count == 0 { return contents }
            contents.append(contentsOf: piece[..<count])
            guard contents.count <= limit else {
                throw ToolError(tooLarge, "\(name): more than \(limit) bytes")
            }
        }
    }

    /// Reads a whole file. Throws `fileMissing`; `tooLarge` when it has more than `limit` bytes.
    public static func read(
        _ path: String, limit: Int = 256 << 20, tooLarge: ErrorCode = .invalidArgument
    ) throws(ToolError) -> [UInt8] {
        try InputFile(path).readRest(limit: limit, tooLarge: tooLarge)
    }
}

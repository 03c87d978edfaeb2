internal import LinuxSystem
public import SICEABI
internal import Synchronization
internal import SystemPackage

/// A file read in pieces or as a whole. `-` is standard input.
public struct InputFile: ~Copyable {
    /// For messages.
    public let name: String
    private let file: OpenFile
    /// Where reading began: standard input need not be at a file's beginning.
    private let start: Int64
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
        let (file, status): (OpenFile, Stat)
        do throws(Errno) { (file, status) = try InputFile.open(path) } catch {
            throw ToolError(.fileMissing, "\(name): \(error)")
        }
        let isFile = status.type == .regular
        (self.name, self.file, start) = (name, file, isFile ? file.position ?? 0 : 0)
        size = isFile ? UInt64(max(0, status.size - start)) : nil
        memory = isReadAgain && !isFile ? Memory() : nil
    }

    private static let standardInputIsTaken = Atomic<Bool>(false)

    private static func open(_ path: String) throws(Errno) -> (OpenFile, Stat) {
        let file =
            try path == "-" ? standardInput() : OpenFile(name: SystemName.bytes(path), .readOnly)
        let status = try file.status()
        if status.type == .directory { throw .isDirectory }
        return (file, status)
    }

    private static func standardInput() throws(Errno) -> OpenFile {
        // Not by way of /dev/stdin, which a RAM disk need not have. Also one that was closed, see
        // ``StandardStreams/hold()``: before anything else is done.
        try FileDescriptor.standardInput.checkReadable()
        return try OpenFile(duplicating: .standardInput)
    }

    /// Fills as much of `buffer` as the file still has; returns how many bytes that is. Throws `fileMissing`.
    public func read(into buffer: inout [UInt8]) throws(ToolError) -> Int {
        var got = remember(into: &buffer)
        while got < buffer.count {
            let count: Int
            do throws(Errno) { count = try file.readWaiting(into: &buffer, from: got) } catch {
                throw ToolError(.fileMissing, "\(name): \(error)")
            }
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
        if let memory { memory.position = 0 } else { file.setPosition(start) }
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

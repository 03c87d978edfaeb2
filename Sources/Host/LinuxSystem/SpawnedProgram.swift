internal import CLinux
internal import Glibc
public import SystemPackage

/// A program that writes to files. Foundation's waits for all that inherited something of it; this one ends when it ends,
/// whoever it leaves behind; and nobody ends it with this process.
public struct SpawnedProgram: Sendable {
    private let process: Int32

    /// Starts it, with nothing to read and at most 31 arguments.
    public init(
        _ path: String, _ arguments: [String], output: OpenFile, errors: OpenFile
    ) throws(Errno) {
        let words = ([path] + arguments).flatMap { (word) -> [UInt8] in Array(word.utf8) + [0] }
        process = try output.call { output in
            errors.use { sice_spawn(words.span, output, $0.rawValue) }
        }
    }

    /// Whether it has not ended; what it ended with is still to be asked for.
    public var isRunning: Bool { sice_spawned_runs(process) != 0 }

    /// Waits for its end. Nil when a signal ended it.
    public func status() -> Int32? {
        let status = sice_spawned_status(process)
        return status < 0 ? nil : status
    }

    /// Ends it, and leaves it no time.
    public func kill() { _ = Glibc.kill(process, SIGKILL) }
}

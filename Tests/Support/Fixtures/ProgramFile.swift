import Foundation

/// A program that a test writes in order to run it.
public enum ProgramFile {
    /// `install` did not write it.
    public struct NotWritten: Error { public let path: String }

    /// Writes it, with its folder, for everybody to run.
    ///
    /// A process of its own writes: what another test starts at that moment holds our open files until its exec, and a program that
    /// somebody holds open for writing does not start (ETXTBSY, execve(2)).
    public static func write(_ text: String, to path: String) throws {
        let (process, input) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/install")
        process.arguments = ["-D", "-m", "755", "/dev/stdin", path]
        process.standardInput = input
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw NotWritten(path: path) }
    }
}

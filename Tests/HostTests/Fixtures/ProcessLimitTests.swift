import Fixtures
import Foundation
import Testing

/// The limit that keeps one stuck machine from holding up every test after it.
struct ProcessLimitTests {
    private func shell(_ script: String) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", script]
        return process
    }

    @Test func end_withItsStatus() throws {
        let process = shell("exit 3")
        try process.runToItsEnd()
        #expect(process.terminationStatus == 3)
    }

    /// It has ended itself, but not what it started.
    @Test func kill_whatWasLeftBehind() throws {
        let output = Pipe()
        let process = shell("(sleep 60; echo still here) &")
        process.standardOutput = output
        #expect(throws: Process.Overdue.self) { try process.runToItsEnd(limit: 1) }
        #expect(try output.fileHandleForReading.readToEnd() ?? Data() == Data())
    }
}

import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(5))) struct SpawnedProgramTests {
    private let path = FileManager.default.temporaryDirectory.path + "/sice-\(UUID().uuidString.prefix(8))"

    private func start(_ path: String, _ arguments: [String]) throws -> SpawnedProgram {
        let files = try [".out", ".errors"].map {
            try OpenFile(
                self.path + $0, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        }
        return try SpawnedProgram(path, arguments, output: files[0], errors: files[1])
    }

    private func text(_ end: String) throws -> String {
        try String(contentsOfFile: path + end, encoding: .utf8)
    }

    private func clean() { for end in [".out", ".errors"] { try? FileSystem.remove(path + end) } }

    @Test func words_outputsAndStatus() throws {
        defer { clean() }
        let script = "cat; echo \"$0|$1|$2\"; echo complaint >&2; exit 7"
        let program = try start("/bin/sh", ["-c", script, "zero", "", "two words"])
        #expect(program.status() == 7)
        #expect(try text(".out") == "zero||two words\n" && text(".errors") == "complaint\n")
    }

    /// It ends when it ends, whoever it leaves behind with its files.
    @Test func kill_endsItAlone() throws {
        defer { clean() }
        let program = try start("/bin/sh", ["-c", "sleep 300 & echo $!; exec sleep 300"])
        while try !text(".out").hasSuffix("\n") { usleep(1000) }
        #expect(program.isRunning)
        program.kill()
        #expect(program.status() == nil && !program.isRunning)
        let left = try #require(Int32(text(".out").dropLast()))
        #expect(kill(left, SIGKILL) == 0)
    }

    @Test func refusals_areTheSystems() throws {
        defer { clean() }
        #expect(throws: Errno.noSuchFileOrDirectory) { try start("/nowhere/program", []) }
        #expect(try start("/bin/true", Array(repeating: "x", count: 31)).status() == 0)
        #expect(throws: Errno.argListTooLong) {
            try start("/bin/true", Array(repeating: "x", count: 32))
        }
    }
}

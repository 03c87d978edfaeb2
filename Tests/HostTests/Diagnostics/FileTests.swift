import Diagnostics
import Dispatch
import Foundation
import SICEABI
import Synchronization
import Testing

@Suite struct FileTests {
    let directory = FileManager.default.temporaryDirectory.appending(path: "sice-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: directory) }

    @Test func outputFile_appearsWhenCommitted() throws {
        let file = try OutputFile(directory + "/a")
        try file.write([1, 2])
        #expect(try !names().contains("a"))
        try file.write([3])
        try file.commit()
        #expect(try names() == ["a"])
        #expect(try InputFile.read(directory + "/a") == [1, 2, 3])
    }

    @Test func outputFile_abandonedLeavesNothing() throws {
        do {
            let file = try OutputFile(directory + "/a")
            try file.write([1])
        }
        #expect(try names().isEmpty)
    }

    @Test func outputFile_overDirectoryFails() throws {
        try FileManager.default.createDirectory(atPath: directory + "/d/e", withIntermediateDirectories: true)
        let error = #expect(throws: ToolError.self) { try OutputFile.write([1], to: directory + "/d") }
        #expect(error?.code == .outputFailed)
        #expect(try names() == ["d"])
    }

    @Test func absolutePath_leavesTheTextToTheFileSystem() {
        let here = FileManager.default.currentDirectoryPath
        #expect("link/../file".absolutePath == here + "/link/../file")
        #expect("/link/../file".absolutePath == "/link/../file")
    }

    /// Each thread's file is its own: none is taken for the temporary one of another, which is removed.
    @Test func outputFiles_ofManyThreads() throws {
        let failures = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: 400) { number in
            do {
                try OutputFile.write([UInt8(number & 0xFF)], to: "\(directory)/\(number)", synced: false)
            } catch {
                failures.withLock { $0 += 1 }
            }
        }
        #expect(failures.withLock { $0 } == 0)
        #expect(try names().sorted() == (0..<400).map(String.init).sorted())
    }

    @Test func reject_missingInput() {
        let error = #expect(throws: ToolError.self) { try InputFile.read(directory + "/none") }
        #expect(error?.code == .fileMissing)
    }

    @Test func reject_directoryAsInput() {
        let error = #expect(throws: ToolError.self) { try InputFile.read(directory) }
        #expect(error?.code == .fileMissing)
    }

    @Test func reject_inputBeyondLimit() throws {
        try OutputFile.write([1, 2, 3], to: directory + "/a")
        let error = #expect(throws: ToolError.self) {
            try InputFile.read(directory + "/a", limit: 2, tooLarge: .evidenceUnreadable)
        }
        #expect(error?.code == .evidenceUnreadable)
    }
}

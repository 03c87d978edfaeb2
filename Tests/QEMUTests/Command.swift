import Fixtures
import Foundation

/// A program that a test runs.
struct Command {
    struct Result {
        let status: Int32
        let output: String
        let errorText: String
    }

    private let program: URL
    private let arguments: [String]
    private let folder: URL?

    /// `folder` is where it runs, if that matters.
    init(_ program: URL, _ arguments: [String], folder: URL? = nil) {
        self.program = program
        self.arguments = arguments
        self.folder = folder
    }

    /// Runs it to its end. Both outputs go to files, so that neither can block it.
    func run() throws -> Result {
        let output = Artefacts.temporary.appending(path: UUID().uuidString)
        let errors = Artefacts.temporary.appending(path: UUID().uuidString)
        for file in [output, errors] { try Data().write(to: file) }
        defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = folder }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.runToItsEnd()
        return Result(
            status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            errorText: try String(contentsOf: errors, encoding: .utf8))
    }
}

import Fixtures
import Foundation

/// A program on the verifier's side, run to its end.
struct Tool {
    let status: Int32
    let output: String
    let errors: String
    var lines: [Substring] { output.split(separator: "\n") }

    /// Runs a program of PATH, or one that the package built.
    init(_ name: String, _ arguments: [String], in folder: URL) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [Tool.built(name) ?? name] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        // Files, not pipes: neither stream can fill up while the other one is read.
        let names = ["out", "err"].map { folder.appending(path: "\($0)-\(UUID().uuidString)") }
        for name in names { try Data().write(to: name) }
        defer { for name in names { try? FileManager.default.removeItem(at: name) } }
        process.standardOutput = try FileHandle(forWritingTo: names[0])
        process.standardError = try FileHandle(forWritingTo: names[1])
        try process.runToItsEnd()
        status = process.terminationStatus
        output = String(decoding: try Data(contentsOf: names[0]), as: UTF8.self)
        errors = String(decoding: try Data(contentsOf: names[1]), as: UTF8.self)
    }

    /// The test bundle lies beside the programs of the package.
    static func built(_ name: String) -> String? {
        let path = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
            .path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }
}

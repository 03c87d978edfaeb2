import Dispatch
import Foundation
import Synchronization

/// Runs the built programs as a person does, in a folder of its own.
final class Workplace {
    let folder = FileManager.default.temporaryDirectory.path + "/sice-command-\(UUID().uuidString)"

    struct Result {
        let status: Int32
        let output: String
        let errors: String
        var lastLine: String { output.split(separator: "\n").last.map(String.init) ?? "" }
    }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Names of the files in the folder.
    var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
    }

    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }

    func attest(_ arguments: String...) throws -> Result { try attest(arguments) }

    /// Runs the legacy host's tool.
    func sice(_ arguments: String...) throws -> Result { try run("sice", arguments) }
    func sice(_ arguments: [String]) throws -> Result { try run("sice", arguments) }

    /// - Parameter memoryKiB: address space that the program may have; nil for no limit.
    func attest(_ arguments: [String], memoryKiB: Int? = nil) throws -> Result {
        try run("sice-attest", arguments, memoryKiB: memoryKiB)
    }

    /// One of the package's programs: the test bundle lies beside them.
    static func program(_ name: String) -> URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent(name)
    }

    private func run(_ name: String, _ arguments: [String], memoryKiB: Int? = nil) throws -> Result {
        try run(Workplace.program(name), arguments, memoryKiB: memoryKiB)
    }

    /// Runs a shell's script, in which `$attest`, `$sice` and `$siced` are the programs.
    func shell(_ script: String) throws -> Result {
        let names = [
            "attest=\(Workplace.program("sice-attest").path)", "sice=\(Workplace.program("sice").path)",
            "siced=\(Workplace.program("siced").path)",
        ]
        return try run(URL(filePath: "/usr/bin/env"), names + ["/bin/bash", "-c", script])
    }

    func run(_ program: URL, _ arguments: [String], memoryKiB: Int? = nil) throws -> Result {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        let limit = memoryKiB.map { "ulimit -v \($0) && " } ?? ""
        process.arguments = ["-c", limit + "exec \"$0\" \"$@\"", program.path] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let messages = Mutex(Data())
        // Both at once: a program that fills one pipe waits for its reader, and would never close the other one.
        let reading = DispatchGroup()
        DispatchQueue.global().async(group: reading) {
            let data = errors.fileHandleForReading.readDataToEndOfFile()
            messages.withLock { $0 = data }
        }
        let text = output.fileHandleForReading.readDataToEndOfFile()
        reading.wait()
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: messages.withLock { $0 }, as: UTF8.self))
    }
}

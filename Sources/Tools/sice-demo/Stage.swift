internal import Diagnostics
internal import Foundation
internal import MachineRunner
internal import SICEABI

/// A stage that did not work: which, why, and where to read more.
struct StageFailure: Error {
    let stage: String
    let reason: String
    let log: String
    let status: Int32

    var message: String {
        let place = FileManager.default.fileExists(atPath: log) ? "\n  log: \(log)" : ""
        return "demo: stage \"\(stage)\" failed: \(reason)\(place)"
    }
}

/// One line per stage on standard error; failures carry the stage's name.
struct Stage {
    /// What a stage is for, as the picture at the demo's end sums it up.
    enum Purpose: String {
        case flash, reference, boot, enroll, load, run, attest, verify, end
    }

    let name: String
    let log: String

    init(_ name: String, _ purpose: Purpose, log: String) {
        self.name = name
        self.log = log
        StageClock.begin(purpose.rawValue)
        StandardStreams.message("demo: \(name)")
    }

    /// Runs library calls of this stage.
    @discardableResult
    func run<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as ToolError {
            let reason = "\(error.code.name): \(error.code.description.summary) \(error.detail)"
            if !FileManager.default.fileExists(atPath: log) {
                // A stage without a program has no other words; a log that cannot be written is not named.
                try? OutputFile.write(Array("\(reason)\n".utf8), to: log)
            }
            throw StageFailure(stage: name, reason: reason, log: log, status: error.exitStatus)
        }
    }

    /// Runs a program; its output goes to the log. What an earlier run left there goes first: its verdict or error would be
    /// shown as this one's.
    func run(_ program: String, _ arguments: [String]) throws {
        try? FileManager.default.removeItem(atPath: log)
        let status: Int32
        do { status = try Program.run(program, arguments, log: log) } catch {
            throw StageFailure(stage: name, reason: error.message, log: log, status: error.exitStatus)
        }
        guard status == 0 else {
            throw StageFailure(
                stage: name, reason: "\(lastLine()) (exit status \(status))", log: log, status: status)
        }
    }

    private func lastLine() -> String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n")
        return String(lines.first { $0.hasPrefix("error:") } ?? lines.last ?? "no output")
    }
}

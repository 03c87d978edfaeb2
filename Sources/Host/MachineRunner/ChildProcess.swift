internal import Diagnostics
internal import Dispatch
internal import Foundation
internal import SICEABI

/// A program that runs beside this one; its words go to a log file.
final class ChildProcess: Sendable {
    private let process = Process()
    /// Left when the program has ended: `waitUntilExit` looks only every 50 ms.
    private let running = DispatchGroup()

    /// Starts a program. Throws `programMissing` when it is not installed, `outputFailed` when the log cannot be
    /// written, `machineDied` when it cannot be started.
    init(_ name: String, _ arguments: [String], folder: String?, log: String) throws(ToolError) {
        let path = try Program.find(name)
        guard
            FileManager.default.fileExists(atPath: log)
                || FileManager.default.createFile(atPath: log, contents: nil),
            let output = FileHandle(forWritingAtPath: log)
        else { throw ToolError(.outputFailed, log) }
        _ = try? output.seekToEnd()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        running.enter()
        process.terminationHandler = { [running] _ in running.leave() }
        do { try SignalMask.whileOpen { try process.run() } } catch {
            running.leave()
            throw ToolError(.machineDied, "\(path): \(error.localizedDescription)")
        }
    }

    var isRunning: Bool { process.isRunning }
    var identifier: Int32 { process.processIdentifier }

    /// Waits for the end; returns the exit status.
    func wait() -> Int32 {
        running.wait()
        return process.terminationStatus
    }

    /// Waits for the end, and tells a signal from a status.
    func waitForEnd() -> MachineEnd {
        let status = wait()
        return process.terminationReason == .uncaughtSignal ? .signal(status) : .status(status)
    }

    /// Asks the program to end, and after two seconds makes it.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        for _ in 0..<40 where process.isRunning { Thread.sleep(forTimeInterval: 0.05) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        running.wait()
    }
}

import Fixtures
import Foundation
import Glibc

/// Programs that stand for QEMU and its TPM, and a folder for their machine.
final class FakeMachine {
    /// What QEMU does, as a shell's script; it runs in the machine's folder.
    static let stays = "exec sleep 1000"
    /// Does not care to be asked, and has a child that left its group.
    static let resists = "trap '' TERM; setsid sleep 1000 & while :; do sleep 1000; done"

    let folder = FileManager.default.temporaryDirectory.path + "/sice-fake-\(UUID().uuidString)"
    var state: String { "\(folder)/state" }
    var rom: String { "\(folder)/rom" }

    /// - Parameter tpm: what swtpm does once its socket is there.
    init(_ emulator: String = FakeMachine.stays, tpm: String = FakeMachine.stays) throws {
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        try Data().write(to: URL(filePath: rom))
        try program("qemu-system-x86_64", "echo $$ >emulator.pid\n\(emulator)")
        try program("swtpm", ": >tpm.sock\n\(tpm)")
        try program("swtpm_setup", "exit 1")
        // The identity is there.
        try Data().write(to: URL(filePath: "\(state)/ek-ca.pem"))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func program(_ name: String, _ script: String) throws {
        try ProgramFile.write("#!/bin/bash\n\(script)\n", to: "\(folder)/bin/\(name)")
    }

    /// Where the stand-ins are found first.
    var environment: [String: String] {
        var environment = ProcessInfo.processInfo.environment
        environment["PATH"] = "\(folder)/bin:\(environment["PATH"] ?? "")"
        return environment
    }

    /// `sice-attest run`, started.
    func run(prefix: String = "") throws -> Process {
        try start(["run", "--rom", rom, "--state", state, "--port", "0"], prefix: prefix)
    }

    /// A command of `sice-attest`, started; its words go to files `output` and `errors`.
    func start(_ arguments: [String], prefix: String = "") throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        let tool = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "sice-attest").path
        process.arguments =
            [
                "-c", "\(prefix) exec \"$0\" \"$@\" >>\(folder)/output 2>>\(folder)/errors", tool,
            ] + arguments
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        try process.run()
        return process
    }

    func text(_ name: String) -> String {
        (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)) ?? ""
    }

    /// QEMU's stand-in, once it runs; nil when that will not be.
    func emulator(of process: Process) -> pid_t? {
        while process.isRunning {
            if let number = pid_t(text("state/emulator.pid").dropLast()) { return number }
            usleep(5000)
        }
        return nil
    }

    func command(of process: Process) -> String {
        let path = "/proc/\(process.processIdentifier)/comm"
        return String(((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").dropLast())
    }

    /// Processes that work in the machine's folder.
    var processes: [pid_t] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap(pid_t.init).filter { number in
            let folder = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(number)/cwd")
            return folder == state
        }
    }

    /// Whether neither the machine nor a keeper of it holds the folder.
    var isFree: Bool {
        let descriptor = unsafe open("\(state)/machine.lock", O_RDWR | O_CREAT, 0o644)
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0
    }
}

import Diagnostics
import Foundation
import Glibc
import MachineRunner
import SICEABI
import StrictJSON
import Testing

/// How the demo fails: it says in which stage, why and where the log is, leaves no process and no half file.
@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"), .serialized,
    .timeLimit(.minutes(10)))
final class DemoQEMUTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "sice-demo-\(UUID().uuidString)")
    private let demo = Process()
    private var out: URL { folder.appending(path: "out") }
    private var messages: String {
        (try? String(contentsOf: folder.appending(path: "messages"), encoding: .utf8)) ?? ""
    }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        if demo.isRunning { kill(demo.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    private func start(path: String? = nil) throws {
        let built = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        demo.executableURL = built.appending(path: "sice-demo")
        demo.arguments = ["--build", BootedMachine.product(""), "--out", out.path]
        if let path { demo.environment = ["PATH": path, "HOME": folder.path] }
        demo.standardInput = FileHandle.nullDevice
        demo.standardOutput = FileHandle.nullDevice
        let file = folder.appending(path: "messages")
        try Data().write(to: file)
        demo.standardError = try FileHandle(forWritingTo: file)
        try demo.run()
    }

    /// Processes that work in the machine's folder: QEMU and its TPM.
    private func processes() throws -> [(identifier: Int32, name: String)] {
        let state = out.appending(path: "machine").path
        return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { entry in
            guard let identifier = Int32(entry),
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(entry)/cwd")) == state,
                let name = try? String(contentsOfFile: "/proc/\(entry)/comm", encoding: .utf8)
            else { return nil }
            return (identifier, name.trimmingCharacters(in: .newlines))
        }
    }

    /// Waits for a stage, then ends QEMU as no program can foresee.
    private func killMachine(in stage: String) async throws {
        let log = out.appending(path: "machine/\(FileName.consoleLog)")
        while demo.isRunning {
            if messages.contains("demo: \(stage)"),
                FileManager.default.fileExists(atPath: log.path),
                let machine = try processes().first(where: { $0.name.hasPrefix("qemu") })
            {
                kill(machine.identifier, SIGKILL)
                return
            }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("the demo ended before \(stage): \(messages)")
    }

    private func expectCleanFailure(stages: [String], _ code: ErrorCode) throws {
        demo.waitUntilExit()
        #expect(demo.terminationStatus == code.description.exitStatus, "\(messages)")
        let lines = messages.split(separator: "\n")
        let failure = try #require(lines.first { $0.contains(" failed: ") }, "\(messages)")
        #expect(stages.contains { failure.hasPrefix("demo: stage \"\($0)") }, "\(failure)")
        #expect(failure.contains(code.name), "\(failure)")
        let log = lines.last { $0.hasPrefix("  log: ") }.map { String($0.dropFirst(7)) }
        // Without QEMU nothing was started that could have written one.
        if code != .programMissing {
            let content = try String(contentsOfFile: #require(log, "\(messages)"), encoding: .utf8)
            #expect(!content.isEmpty || code == .machineDied)
        }
        #expect(try processes().isEmpty)
        for name in try FileManager.default.contentsOfDirectory(atPath: out.path) {
            guard !["logs", "machine"].contains(name) else { continue }
            // Temporary files end otherwise; complete ones of this demo are JSON until it signs.
            #expect(
                ["json", "challenge", "pem", "der"].contains((name as NSString).pathExtension), "\(name)")
            guard name.hasSuffix(".json") else { continue }
            let content = [UInt8](try Data(contentsOf: out.appending(path: name)))
            #expect(throws: Never.self) { try JSON(parsing: content) }
        }
    }

    @Test func fail_withoutQEMU() throws {
        try start(path: "/nonexistent")
        try expectCleanFailure(stages: ["starting the machine"], .programMissing)
        #expect(messages.contains("qemu-system-x86_64"))
    }

    @Test func fail_whenTheMachineDiesWhileItBoots() async throws {
        try start()
        try await killMachine(in: "starting the machine")
        try expectCleanFailure(stages: ["starting the machine"], .machineDied)
    }

    @Test func fail_whenTheMachineDiesMidWay() async throws {
        try start()
        try await killMachine(in: "enrolling")
        // The stage may have had its answers already.
        try expectCleanFailure(stages: ["enrolling", "looking for", "signing"], .targetUnreachable)
    }
}

extension LegacyHostQEMUTests {
    /// The running machine's own port, for a second one.
    @Test func reject_portOfARunningMachine() throws {
        let port = try #require(machine.url.split(separator: ":").last)
        let result = try Tool(
            "sice-attest",
            ["run", "--rom", BootedMachine.product("sice.rom"), "--state", "second", "--port", String(port)],
            in: machine.folder)
        #expect(result.errors.contains("error: \(ErrorCode.portInUse.name):"), "\(result.errors)")
        #expect(result.status == ErrorCode.portInUse.description.exitStatus)
        #expect(!FileManager.default.fileExists(atPath: machine.folder.appending(path: "second").path))
    }
}

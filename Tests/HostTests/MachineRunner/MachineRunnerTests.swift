import Diagnostics
import Foundation
import Glibc
import MachineRunner
import SICEABI
import Testing

@Suite struct MachineRunnerTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/sice-runner-\(UUID().uuidString)"

    @Test func reject_missingROM() {
        let error = #expect(throws: ToolError.self) {
            _ = try VirtualMachine(MachineConfiguration(rom: "\(folder)/none.rom", folder: folder))
        }
        #expect(error?.code == .fileMissing)
        #expect(!FileManager.default.fileExists(atPath: folder), "nothing is left behind")
    }

    @Test func reject_portInUse() throws {
        let listener = try Listener()
        defer { listener.close() }
        let rom = try Self.emptyFile()
        defer { unsafe unlink(rom) }
        var configuration = MachineConfiguration(rom: rom, folder: folder)
        configuration.port = listener.port
        let error = #expect(throws: ToolError.self) { _ = try VirtualMachine(configuration) }
        #expect(error?.code == .portInUse)
        #expect(!FileManager.default.fileExists(atPath: folder), "nothing is left behind")
    }

    @Test func reject_programThatIsNotInstalled() {
        let error = #expect(throws: ToolError.self) { _ = try Program.find("sice-no-such-program") }
        #expect(error?.code == .programMissing)
        #expect(error?.detail == "sice-no-such-program")
    }

    /// There, marked as a program, and none: no machine has died.
    @Test func reject_programThatCannotBeStarted() throws {
        let program = try Self.emptyFile()
        defer { unsafe unlink(program) }
        try Data([1, 2, 3]).write(to: URL(filePath: program))
        #expect(unsafe chmod(program, 0o755) == 0)
        let error = #expect(throws: ToolError.self) { try Program.run(program, [], log: "/dev/null") }
        #expect(error?.code == .programFailed)
        #expect(error?.detail.hasPrefix("it cannot be started: \(program)") == true)
    }

    /// Each starts while others do: what a new process then uses must not be a lock that a thread held which it has not.
    @Test(.timeLimit(.minutes(5))) func run_manyAtOnce() async throws {
        let count = 200
        let failures = try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<count { group.addTask { try Program.run("true", [], log: "/dev/null") } }
            return try await group.filter { $0 != 0 }.reduce(0) { (sum, _) in sum + 1 }
        }
        #expect(failures == 0)
    }

    @Test func machineThatDiesIsReported() async throws {
        // QEMU refuses a ROM of this size at once.
        let rom = try Self.emptyFile()
        defer { unsafe unlink(rom) }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let machine = try VirtualMachine(MachineConfiguration(rom: rom, folder: folder))
        let error = await #expect(throws: ToolError.self) { try await machine.waitUntilReady(seconds: 60) }
        #expect(error?.code == .machineDied)
        #expect(error?.detail.contains(FileName.machineLog) == true)
    }

    /// What the demo tells a person to do with a machine that it left running.
    @Test(.timeLimit(.minutes(2))) func detachedMachineEndsWhenAsked() async throws {
        // Flash of 64 KiB whose first instruction jumps to itself.
        var flash = [UInt8](repeating: 0xFF, count: 0x1_0000)
        flash.replaceSubrange(0xFFF0..<0xFFF2, with: [0xEB, 0xFE])
        let rom = try Self.emptyFile()
        defer { unsafe unlink(rom) }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(flash).write(to: URL(filePath: rom))
        let machine = try await Task { try VirtualMachine(MachineConfiguration(rom: rom, folder: folder)) }
            .value
        machine.detach()
        #expect(kill(machine.identifier, SIGTERM) == 0)
        machine.wait()
        #expect(kill(machine.identifier, 0) != 0)
        // A QEMU that ends before it has met its TPM leaves it waiting.
        machine.stop()
    }

    /// Scripts that start machines ask tools/processor, which reads the sources; none names a model of its own.
    @Test func scripts_haveTheMachinesProcessor() throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        let text = try Program.output(of: root.appending(path: "tools/processor").path, [])
        #expect(text == "max,-erms,-fsrm\n")
        for script in ["Tests/ProbeHost/run", "Tests/KVMHost/run"] {
            let script = try String(contentsOf: root.appending(path: script), encoding: .utf8)
            #expect(script.contains("/tools/processor\")"))
            #expect(!script.contains("-cpu max"))
        }
    }

    private static func emptyFile() throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/sice-rom-\(UUID().uuidString)"
        try Data().write(to: URL(filePath: path))
        return path
    }
}

/// Holds a port of the loopback interface.
private struct Listener {
    let port: UInt16
    private let descriptor: Int32

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, size) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, generic, &size) == 0
            }
        }
        guard bound else { throw CocoaError(.fileNoSuchFile) }
        port = UInt16(bigEndian: address.sin_port)
    }

    func close() { _ = Glibc.close(descriptor) }
}

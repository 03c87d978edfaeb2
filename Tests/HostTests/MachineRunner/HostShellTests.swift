import Diagnostics
import Foundation
import Glibc
import LinuxSystem
import MachineRunner
import SICEABI
import SystemPackage
import Testing

/// A machine's shell, played by one of this machine.
@Suite(.timeLimit(.minutes(5))) struct HostShellTests {
    /// A folder whose console is a shell that runs in it.
    private func shell() throws -> (shell: HostShell, folder: String) {
        let folder =
            FileManager.default.temporaryDirectory.path + "/sice-shell-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let address = try #require(SocketAddress(path: "\(folder)/\(FileName.console)"))
        let listener = try OpenFile(socketFor: address)
        try listener.bind(to: address)
        try listener.listen(1)
        let shell = try HostShell(folder: folder)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.currentDirectoryURL = URL(filePath: folder)
        let accepted = try listener.accept()
        let client = FileHandle(fileDescriptor: accepted.descriptor.rawValue)
        (process.standardInput, process.standardOutput) = (client, client)
        try process.run()
        withExtendedLifetime(accepted) {}
        return (shell, folder)
    }

    /// What the condition asks for and the end come between two looks, in that order: no look may see only the end.
    @Test func whatWasDoneBeforeTheEnd_counts() throws {
        let (shell, folder) = try shell()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let condition = "test -e done || { touch done end; false; }"
        #expect(try shell.wait(until: condition, unless: "test -e end", seconds: 60))
    }

    @Test func end_isNotWaitedBehind() throws {
        let (shell, folder) = try shell()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try !shell.wait(until: "touch end; false", unless: "test -e end", seconds: 60))
    }

    @Test func reject_whatNeverComes() throws {
        let (shell, folder) = try shell()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let error = #expect(throws: ToolError.self) {
            try shell.wait(until: "false", unless: "false", seconds: 0.5)
        }
        #expect(error?.code == .machineTimedOut)
        #expect(error?.detail.hasPrefix("false: see ") == true)
    }
}

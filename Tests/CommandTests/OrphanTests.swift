import Diagnostics
import Foundation
import Glibc
import SICEABI
import Testing

/// Nothing of a machine outlives who started it, whatever ends that; who ends otherwise than by SIGKILL waits for it.
@Suite(.timeLimit(.minutes(2))) struct OrphanTests {
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    private func end(_ process: Process) -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal ? process.terminationStatus : -1
    }

    @Test(arguments: signals) func machine_endsBeforeTheCommand(_ signal: Int32) throws {
        let fake = try FakeMachine()
        let process = try fake.run()
        _ = try #require(fake.emulator(of: process), "\(fake.text("errors"))")
        kill(process.processIdentifier, signal)
        #expect(end(process) == signal)
        #expect(fake.processes.isEmpty && fake.isFree)
        #expect(fake.text("output").isEmpty)
        #expect(
            !fake.text("errors").contains("error: "), "no failure of what was ended: \(fake.text("errors"))")
    }

    /// A child that left its group, and an emulator that does not listen, end too.
    @Test func machineThatResists_isKilled() throws {
        let fake = try FakeMachine(FakeMachine.resists)
        let process = try fake.run()
        _ = try #require(fake.emulator(of: process), "\(fake.text("errors"))")
        kill(process.processIdentifier, SIGTERM)
        #expect(end(process) == SIGTERM)
        #expect(fake.processes.isEmpty && fake.isFree)
    }

    /// At moments from the start of the command until its machine runs.
    @Test(arguments: [FakeMachine.stays, FakeMachine.resists]) func killedCommand_leavesNothing(
        _ emulator: String
    ) throws {
        let fake = try FakeMachine(emulator)
        for delay in stride(from: 0, through: 300, by: 30) {
            let process = try fake.run()
            usleep(UInt32(delay) * 1000)
            kill(process.processIdentifier, SIGKILL)
            #expect(end(process) == SIGKILL)
            waitUntilFree(fake)
        }
        let process = try fake.run()
        _ = try #require(fake.emulator(of: process), "\(fake.text("errors"))")
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        waitUntilFree(fake)
    }

    /// At any moment: the same for a signal that can be handled, after which nothing is left at once.
    @Test func interruptedCommand_leavesNothing() throws {
        let fake = try FakeMachine()
        for delay in stride(from: 0, through: 300, by: 20) {
            // Before the program's own start SIGQUIT is the runtime's, which would say where it is.
            let process = try fake.run(prefix: "export SWIFT_BACKTRACE=enable=no;")
            // Until then it is a shell, which knows signals of its own.
            while fake.command(of: process) != "sice-attest" { usleep(1000) }
            usleep(UInt32(delay) * 1000)
            kill(process.processIdentifier, Self.signals[delay / 20 % Self.signals.count])
            #expect(end(process) > 0)
            #expect(fake.processes.isEmpty && fake.isFree)
        }
    }

    /// Nobody waits for it, but it comes.
    private func waitUntilFree(_ fake: FakeMachine) {
        while !fake.isFree || !fake.processes.isEmpty { usleep(10_000) }
    }

    /// A keeper may be killed, too.
    @Test func killedKeeper_leavesNothing() throws {
        let fake = try FakeMachine()
        let process = try fake.run()
        _ = try #require(fake.emulator(of: process), "\(fake.text("errors"))")
        // The threads that started them have them as children.
        let threads = "/proc/\(process.processIdentifier)/task"
        let keepers = try FileManager.default.contentsOfDirectory(atPath: threads).flatMap { thread in
            try String(contentsOfFile: "\(threads)/\(thread)/children", encoding: .utf8).split(separator: " ")
        }
        #expect(keepers.count == 2)
        for keeper in keepers { kill(try #require(pid_t(keeper)), SIGKILL) }
        process.waitUntilExit()
        #expect(process.terminationStatus == ErrorCode.machineDied.description.exitStatus)
        waitUntilFree(fake)
    }

    /// With no other machine, and without words on the one that was ended.
    @Test(arguments: [SIGINT, SIGTERM]) func redTeam_endsWithItsMachine(_ signal: Int32) throws {
        let fake = try FakeMachine()
        try fake.program("qemu-system-x86_64", "echo $$ >>\(fake.folder)/starts\nexec sleep 1000")
        try FileManager.default.createDirectory(
            atPath: "\(fake.folder)/tools/rom", withIntermediateDirectories: true)
        try fake.program("../tools/rom/assemble", ": >\"$1\"")
        let process = try fake.start(
            ["red-team", "--group", "smram"], prefix: "export TMPDIR=\(fake.folder);")
        while process.isRunning, !fake.text("starts").hasSuffix("\n") { usleep(5000) }
        kill(process.processIdentifier, signal)
        #expect(end(process) == signal)
        let starts = fake.text("starts").split(separator: "\n")
        #expect(starts.count == 1, "\(fake.text("errors"))")
        let emulator = try #require(starts.first.flatMap { pid_t($0) })
        #expect(kill(emulator, 0) != 0)
        #expect(!fake.text("errors").contains("error: "), "\(fake.text("errors"))")
    }

    /// Also a TPM that its emulator never came to meet.
    @Test func machineThatDies_leavesNoTPM() throws {
        let fake = try FakeMachine("exit 1")
        let process = try fake.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == ErrorCode.machineDied.description.exitStatus)
        #expect(fake.text("errors").contains("error: \(ErrorCode.machineDied.name)"))
        #expect(fake.processes.isEmpty && fake.isFree)
    }

    /// Under nohup, a terminal that goes ends nothing.
    @Test func ignoredSignal_endsNothing() throws {
        let fake = try FakeMachine()
        let process = try fake.run(prefix: "trap '' HUP;")
        let emulator = try #require(fake.emulator(of: process), "\(fake.text("errors"))")
        kill(process.processIdentifier, SIGHUP)
        usleep(100_000)
        #expect(process.isRunning && kill(emulator, 0) == 0)
        kill(process.processIdentifier, SIGTERM)
        #expect(end(process) == SIGTERM)
        #expect(fake.processes.isEmpty && fake.isFree)
    }
}

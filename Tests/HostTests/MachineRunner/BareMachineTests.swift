import Fixtures
import Foundation
import MachineRunner
import SICEABI
import Testing

/// How a machine ended, told by a stand-in for the emulator.
@Suite struct BareMachineTests {
    /// What the emulator does, and how that must read.
    private static let ends: [(String, MachineEnd)] = [
        ("exit 33", .status(33)), ("exit 0", .status(0)), ("kill -SEGV $$", .signal(11)),
        ("kill -ABRT $$", .signal(6)), ("exec sleep 1000", .silent), ("while :; do :; done", .silent),
        ("while echo . >>report; do sleep 0.01; done", .unfinished),
    ]

    @Test(arguments: ends) func tell(_ script: String, _ expected: MachineEnd) throws {
        #expect(try end(script, total: expected == .unfinished ? 2 : 60) == expected)
    }

    /// A monitor that answers as QEMU's does, one that never does because a processor does not stop, one that goes, and none.
    private static let monitors: [(String, MachineEnd)] = [
        (#"print $c "(qemu) VM status: paused\n"; sleep 1000"#, .silent), ("sleep 1000", .stuck),
        ("close $c; sleep 1000", .silent),
    ]

    @Test(arguments: monitors) func tellStuckEmulator(_ script: String, _ expected: MachineEnd) throws {
        let listen =
            "use IO::Socket::UNIX; $s = IO::Socket::UNIX->new(Local => \"monitor.sock\", Listen => 1); $c = $s->accept;"
        let monitor = "exec perl -e '\(listen) $c->autoflush; <$c>; <$c>; \(script)'"
        #expect(try end(monitor, hasMonitor: true) == expected)
    }

    @Test func silentEmulatorWithoutAMonitor_isNotStuck() throws {
        #expect(try end("exec sleep 1000", hasMonitor: true) == .silent)
    }

    private func end(_ script: String, total: Double = 60, hasMonitor: Bool = false) throws -> MachineEnd {
        let folder = FileManager.default.temporaryDirectory.path + "/sice-bare-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let emulator = "\(folder)/emulator"
        try ProgramFile.write("#!/bin/bash\n\(script)\n", to: emulator)
        var configuration = BareMachine.Configuration(rom: "none", folder: folder)
        configuration.emulator = emulator
        configuration.hasMonitor = hasMonitor
        return try BareMachine(configuration).wait(Patience(total: total, silence: 1))
    }
}

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
        let folder = FileManager.default.temporaryDirectory.path + "/sice-bare-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let emulator = "\(folder)/emulator"
        try ProgramFile.write("#!/bin/bash\n\(script)\n", to: emulator)
        var configuration = BareMachine.Configuration(rom: "none", folder: folder)
        configuration.emulator = emulator
        let total: Double = expected == .unfinished ? 2 : 60
        let end = try BareMachine(configuration).wait(Patience(total: total, silence: 1))
        #expect(end == expected)
    }
}

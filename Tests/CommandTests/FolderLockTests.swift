import Diagnostics
import Foundation
import Glibc
import SICEABI
import Testing

/// A machine's folder is one machine's at a time.
@Suite(.timeLimit(.minutes(2))) struct FolderLockTests {
    /// The first one is not disturbed: its files, sockets among them, and processes are the same.
    @Test func reject_folderOfARunningMachine() throws {
        let fake = try FakeMachine(": >console.sock; exec sleep 1000")
        let first = try fake.run()
        let emulator = try #require(fake.emulator(of: first), "\(fake.text("errors"))")
        while try !fake.names.contains("console.sock") { usleep(5000) }
        let (names, processes) = (try fake.names, fake.processes.sorted())
        let tpm = try fake.inode("tpm.sock")
        let second = try fake.run()
        second.waitUntilExit()
        #expect(second.terminationStatus == ErrorCode.folderInUse.description.exitStatus)
        let errors = fake.text("errors")
        #expect(errors.contains("error: \(ErrorCode.folderInUse.name): "), "\(errors)")
        #expect(errors.contains("by process \(first.processIdentifier) (sice-attest)"), "\(errors)")
        #expect(try fake.names == names && fake.processes.sorted() == processes)
        #expect(try fake.inode("tpm.sock") == tpm)
        #expect(first.isRunning && kill(emulator, 0) == 0)
        kill(first.processIdentifier, SIGTERM)
        first.waitUntilExit()
        #expect(fake.isFree)
    }

    /// Who was killed leaves a machine that still ends: the next one waits for that, and is not refused.
    @Test func folderOfAKilledCommand_isFreeForTheNext() throws {
        let fake = try FakeMachine(FakeMachine.resists)
        let first = try fake.run()
        _ = try #require(fake.emulator(of: first), "\(fake.text("errors"))")
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        try FileManager.default.removeItem(atPath: "\(fake.state)/emulator.pid")
        let second = try fake.run()
        _ = try #require(fake.emulator(of: second), "\(fake.text("errors"))")
        kill(second.processIdentifier, SIGTERM)
        second.waitUntilExit()
        #expect(fake.isFree)
    }
}

extension FakeMachine {
    fileprivate var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: state).sorted() }
    }

    fileprivate func inode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(state)/\(name)")[.systemFileNumber] as? Int
    }
}

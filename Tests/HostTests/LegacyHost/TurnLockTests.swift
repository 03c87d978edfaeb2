import Diagnostics
import Foundation
import SICEABI
import Synchronization
import Testing

@testable import LegacyHost

@Suite struct TurnLockTests {
    /// A new file's path.
    private let path = NSTemporaryDirectory() + "turn-lock-\(UUID().uuidString)"
    private let brief = Wait.Bound(untilItIsSaid: 1_000_000, untilItIsGivenUp: 20)

    private func cleanUp() {
        for name in [path, path + ".turn"] { try? FileManager.default.removeItem(atPath: name) }
    }

    @Test func nobodyWaits_theLockStays() throws {
        defer { cleanUp() }
        let lock = try TurnLock(path, bound: brief)
        try lock.acquire()
        for _ in 0..<1000 { try lock.letOthersIn() }
        #expect(try !LockFile(path).tryLock())
        lock.release()
        #expect(try LockFile(path).tryLock())
    }

    /// Who waits has had the lock by the time that its last holder has it again.
    @Test func whoWaits_comesBeforeTheLastHolder() throws {
        defer { cleanUp() }
        let mine = try TurnLock(path)
        try mine.acquire()
        let had = Atomic<Int>(0)
        let others = 5
        try withThrowingThreads(others) {
            let lock = try TurnLock(path)
            try lock.acquire()
            had.add(1, ordering: .sequentiallyConsistent)
            lock.release()
        } meanwhile: {
            for turn in 1...others {
                // Somebody stands first in the line.
                let line = try LockFile(path + ".turn")
                while had.load(ordering: .sequentiallyConsistent) < others, try line.tryLock() {
                    line.unlock()
                    usleep(100)
                }
                try mine.letOthersIn()
                #expect(had.load(ordering: .sequentiallyConsistent) >= turn)
            }
        }
    }

    @Test func reject_waitingForEver_andNameTheHolder() throws {
        defer { cleanUp() }
        let holder = try LockFile(path)
        #expect(try holder.tryLock())
        let waiting = try TurnLock(path, bound: brief)
        let error = #expect(throws: ToolError.self) { try waiting.acquire() }
        #expect(error?.code == .managerTaken)
        let name = try #require(error?.detail)
        #expect(name.hasPrefix("process \(getpid()) ("))
        #expect(name.hasSuffix(") has the manager"))
        // Whoever gives up stands in nobody's way.
        holder.unlock()
        try TurnLock(path, bound: brief).acquire()
    }

    @Test func reject_waitingBehindSomebodyWhoWaits() throws {
        defer { cleanUp() }
        let line = try LockFile(path + ".turn")
        #expect(try line.tryLock())
        let error = #expect(throws: ToolError.self) { try TurnLock(path, bound: brief).acquire() }
        #expect(error?.code == .managerTaken)
    }

    @Test func reject_folderThatIsNotThere() {
        let error = #expect(throws: ToolError.self) { try TurnLock("/nonexistent/lock") }
        #expect(error?.code == .permissionDenied)
    }

    /// proc(5): one of another kind, another file, another device, one that waits, a process that is not told, and it.
    @Test func holder_isFoundAmongAllLocks() {
        let lines = [
            "1: POSIX  ADVISORY  WRITE 11 fe:00:77 0 EOF", "2: FLOCK  ADVISORY  WRITE 12 fe:00:78 0 EOF",
            "3: FLOCK  ADVISORY  WRITE 13 fe:01:77 0 EOF", "4: -> FLOCK  ADVISORY  WRITE 14 fe:00:77 0 EOF",
            "5: FLOCK  ADVISORY  WRITE 0 fe:00:77 0 EOF", "6: FLOCK", "",
        ]
        let it = "7: FLOCK  ADVISORY  WRITE 15 fe:00:77 0 EOF"
        let none = LockHolder(locks: lines.joined(separator: "\n"), device: (0xFE, 0), inode: 77)
        #expect(none == nil)
        let text = (lines + [it]).joined(separator: "\n")
        #expect(LockHolder(locks: text, device: (0xFE, 0), inode: 77) == LockHolder(15))
    }

    @Test func holder_withoutCommandIsANumber() {
        #expect(LockHolder(Int(Int32.max)).text == "process \(Int32.max)")
    }

    /// Runs `body` on threads of their own, and `meanwhile` on this one; waits for all.
    private func withThrowingThreads(
        _ count: Int, _ body: @escaping @Sendable () throws -> Void, meanwhile: () throws -> Void
    ) throws {
        let group = DispatchGroup()
        for _ in 0..<count {
            group.enter()
            Thread.detachNewThread {
                #expect(throws: Never.self) { try body() }
                group.leave()
            }
        }
        try meanwhile()
        group.wait()
    }
}

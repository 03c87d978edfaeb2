internal import Diagnostics
internal import Glibc
internal import SICEABI

/// A lock between processes that takes turns: who has it and asks for it again comes after those who wait already. One
/// lock alone would mostly go to its last holder, who still runs while the others are being woken.
final class TurnLock {
    private let lock: LockFile
    /// Who waits for the lock first of all has this one meanwhile.
    private let turn: LockFile
    private let bound: Wait.Bound

    /// Throws `permissionDenied`.
    init(_ path: String, bound: Wait.Bound = .standard) throws(ToolError) {
        lock = try LockFile(path)
        turn = try LockFile(path + ".turn")
        self.bound = bound
    }

    /// Waits for the lock. Throws `managerTaken`, with the holder.
    func acquire() throws(ToolError) {
        var wait = Wait("the manager", bound)
        while try !turn.tryLock() { try wait.next(for: lock) }
        defer { turn.unlock() }
        while try !lock.tryLock() { try wait.next(for: lock) }
    }

    func release() { lock.unlock() }

    /// Gives the lock to whoever waits for it, if anybody does, and waits for it again. Throws `managerTaken`.
    func letOthersIn() throws(ToolError) {
        release()
        try acquire()
    }
}

/// Waiting for another process: with a word after a while, and not for ever.
struct Wait {
    /// In milliseconds, slept one by one.
    struct Bound {
        let untilItIsSaid: Int
        let untilItIsGivenUp: Int
        /// Longer than any command of a well-behaved workload has the manager for itself.
        static let standard = Bound(untilItIsSaid: 5_000, untilItIsGivenUp: 120_000)
    }

    private let subject: String
    private let bound: Bound
    private var count = 0

    /// - Parameter subject: what is waited for, as a sentence names it.
    init(_ subject: String, _ bound: Bound = .standard) {
        self.subject = subject
        self.bound = bound
    }

    /// Sleeps for a millisecond. Throws `managerTaken` when that was too often.
    mutating func next(for lock: LockFile) throws(ToolError) {
        if count == bound.untilItIsSaid {
            StandardStreams.message("sice: \(Self.name(lock)) has \(subject); waiting for it")
        }
        guard count < bound.untilItIsGivenUp else {
            throw ToolError(.managerTaken, "\(Self.name(lock)) has \(subject)")
        }
        count += 1
        usleep(1000)
    }

    private static func name(_ lock: LockFile) -> String { lock.holder?.text ?? "another process" }
}

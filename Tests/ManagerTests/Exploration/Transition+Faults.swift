import Foundation
import SICEABI
import Simulation

@testable import ManagerCore

// I7, I8, I9, and the log.
extension Transition {
    /// Pages in one SMI: a batch, each copied, hashed and cleared, or a step, and the tables on the way.
    static let mostPageWork = max(Int(ABI.pagesPerStep), 3 * Int(ABI.maximumBatchPages)) + 8

    /// I7.
    var workFinding: String? {
        guard !isReset, seen.pageWork > Self.mostPageWork else { return nil }
        return "\(seen.pageWork) pages were worked on in one SMI"
    }

    /// I8: after a fault or a reset no key and no environment is left, and nothing but reading is answered.
    var faultFinding: String? {
        if isReset, after.hasReportKey || after.hasMachineKey { return "the key is there after a reset" }
        if let finding = guestFinding { return finding }
        guard after.isFaulted else { return before.isFaulted && !isReset ? "a fault was forgotten" : nil }
        if after.hasReportKey || after.hasMachineKey { return "the key outlives a fault" }
        let alive: Set<LifecycleState> = [.loading, .sealed, .runnable, .running]
        for (slot, environment) in after.slots.enumerated() where alive.contains(environment.state) {
            return "environment \(slot) is \(environment.state) after a fault"
        }
        return before.isFaulted ? answerFinding : nil
    }

    private var answerFinding: String? {
        guard let request, request.isAuthorized, let answer else { return nil }
        let reads: [Command] = [.info, .status, .readLog, .logBase]
        if let command, reads.contains(command) {
            return answer == ErrorCode.managerFault.rawValue
                ? "\(command) is not answered after a fault" : nil
        }
        let isRefused = answer == ErrorCode.managerFault.rawValue || command == nil
        return isRefused ? nil : "a command is answered with \(answer) after a fault"
    }

    /// Registers of a guest are kept as long as it can go on, or its core is still inside.
    private var guestFinding: String? {
        for (slot, environment) in after.slots.enumerated() where environment.hasGuest {
            let isInside = after.cores.contains { $0.place != .host && $0.guest == slot }
            switch environment.state {
            case .absent, .scrubbing, .loading: return "registers of environment \(slot) outlive it"
            case .dead where !isInside: return "registers of environment \(slot) outlive its end"
            default: break
            }
        }
        return nil
    }

    /// I9: every error is one of the table, and the manager never contradicts itself.
    var errorFinding: String? {
        if let answer, answer != 0, ErrorCode(rawValue: answer) == nil { return "error \(answer) is none" }
        if request != nil, answer == nil, answered.rax != asked.rax { return "an answer that is none" }
        var isFault = false
        if case .fault = action { isFault = true }
        if after.isFaulted, !before.isFaulted, !isFault { return "an outsider made the manager fault" }
        return nil
    }

    /// Entries are added, each hashed into the chain; none that is kept changes.
    var logFinding: String? {
        guard !isReset else { return nil }
        guard after.logCount >= before.logCount else { return "the log lost entries" }
        guard after.logCount - before.logCount <= 2 else { return "one action made many entries" }
        // Most actions write no entry.
        let isUnchanged = world.equals(0, pagesBefore[0]) && world.equals(1, pagesBefore[1])
        if isUnchanged, after.logCount == before.logCount, after.logHead == before.logHead { return nil }
        for number in after.logOldest..<before.logCount where !isAsBefore(number) {
            return "entry \(number) was changed"
        }
        guard after.logCount > before.logCount else {
            return after.logHead == before.logHead ? nil : "the chain moved without an entry"
        }
        var head = before.logHead
        for number in before.logCount..<after.logCount { head = sha256(head + entry(number)) }
        return head == after.logHead ? nil : "the chain does not follow from its entries"
    }

    /// The log has the pool's first two pages.
    private static func place(_ number: UInt64) -> (page: Int, offset: Int) {
        let index = Int(number % UInt64(ABI.logCapacity)) * LogEntryLayout.size
        return (index / 4096, index % 4096)
    }

    private func entry(_ number: UInt64) -> ArraySlice<UInt8> {
        let (page, offset) = Self.place(number)
        return world.machine.base.pool[page * 4096 + offset..<page * 4096 + offset + LogEntryLayout.size]
    }

    private func isAsBefore(_ number: UInt64) -> Bool {
        let (page, offset) = Self.place(number)
        return unsafe world.machine.base.pool.withUnsafeBytes { pool in
            unsafe pagesBefore[page].withUnsafeBytes { before in
                let (entry, old) = unsafe (
                    pool.baseAddress! + page * 4096 + offset, before.baseAddress! + offset
                )
                return unsafe memcmp(entry, old, LogEntryLayout.size) == 0
            }
        }
    }
}

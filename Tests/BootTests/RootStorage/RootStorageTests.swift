import RootStorage
import SICEABI
import SoftwareTPM
import TPM2
import Testing

/// First boots, later boots and cuts, on a software TPM.
@Suite(.serialized, .enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
struct RootStorageTests {
    @Test func root_isMadeOnceAndStays() throws {
        let machine = try RootMachine()
        let first = try machine.boot()
        #expect(first.isFresh && !first.isHistoryLost && first.set == 0)
        #expect(Set(first.secrets).count > 16)
        for _ in 0..<3 {
            let later = try machine.boot()
            #expect(!later.isFresh && !later.isHistoryLost && later.set == 0)
            #expect(later.secrets == first.secrets)
        }
        #expect(machine.commands.count <= 20)
        #expect(try RootMachine().boot().secrets != first.secrets)
    }

    @Test func otherFirmware_hasNoRoot() throws {
        let machine = try RootMachine()
        let first = try machine.boot(manager: 1)
        for _ in 0..<2 {
            #expect(throws: ErrorCode.rootRefused) { try machine.boot(manager: 2) }
            let again = try machine.boot(manager: 1)
            #expect(again.secrets == first.secrets && !again.isFresh)
        }
    }

    @Test func root_isReadOnceBetweenResets() throws {
        let machine = try RootMachine()
        let first = try machine.boot()
        try machine.measure()
        var client = try machine.client()
        let entropy = [UInt8](repeating: 1, count: 64)
        #expect(try client.openRoot(entropy: entropy.span).secrets == first.secrets)
        for _ in 0..<5 {
            #expect(
                throwing { () throws(ErrorCode) in _ = try client.openRoot(entropy: entropy.span) }
                    == .rootLocked)
            #expect(client.lastResponseCode == 0x148)
        }
        #expect(try machine.boot().secrets == first.secrets)
    }

    /// The policy alone, too, keeps it: PCR 5 moved on, and so did nothing else.
    @Test func root_staysShutWithoutTheLock() throws {
        let machine = try RootMachine()
        let first = try machine.boot()
        try machine.measure()
        var client = try machine.client()
        try client.extend(pcr: 5, digest: [UInt8](repeating: 1, count: 32).span)
        let entropy = [UInt8](repeating: 1, count: 64)
        #expect(
            throwing { () throws(ErrorCode) in _ = try client.openRoot(entropy: entropy.span) }
                == .rootRefused)
        #expect(try machine.boot().secrets == first.secrets)
    }

    /// What a first boot writes, in nine steps: power goes before each, and after the last. The next boot makes a root, or
    /// has the one that was whole.
    @Test func firstBoot_survivesACutBeforeEachStep() throws {
        let whole = try RootMachine()
        _ = try whole.boot()
        let steps = whole.commands.changes
        #expect(steps.count == 9)
        for place in steps + [steps[8] + 1] {
            let machine = try RootMachine()
            #expect(throws: ErrorCode.rootFailed, "before command \(place)") {
                try machine.boot(cutBefore: place)
            }
            try expectRoot(on: machine, fresh: place <= steps[8], "before command \(place)")
        }
    }

    /// The boot that cleans up after the last of these cuts, with P0 written, is cut as well.
    @Test func cleaning_survivesACutBeforeEachStep() throws {
        let whole = try RootMachine()
        _ = try whole.boot()
        let last = whole.commands.changes[8]
        let cleaned = try RootMachine()
        #expect(throws: ErrorCode.rootFailed) { try cleaned.boot(cutBefore: last) }
        #expect(try cleaned.boot().isFresh)
        #expect(cleaned.commands.changes.count == 4 + 9)
        for place in cleaned.commands.changes.prefix(6) {
            let machine = try RootMachine()
            #expect(throws: ErrorCode.rootFailed) { try machine.boot(cutBefore: last) }
            #expect(throws: ErrorCode.rootFailed) { try machine.boot(cutBefore: place) }
            try expectRoot(on: machine, fresh: true, "before command \(place)")
        }
    }

    /// Where the PCRs moved after the cut, P0 cannot be deleted: the next set is used.
    @Test func cutFirstBootOfOtherFirmware_isPassedBy() throws {
        let whole = try RootMachine()
        _ = try whole.boot()
        let machine = try RootMachine()
        #expect(throws: ErrorCode.rootFailed) {
            try machine.boot(manager: 2, cutBefore: whole.commands.changes[8])
        }
        let found = try machine.boot()
        #expect(found.isFresh && found.set == 1)
        // The firmware of the first set finds another's root, and leaves it alone.
        #expect(throws: ErrorCode.rootRefused) { try machine.boot(manager: 2) }
        #expect(try machine.boot().secrets == found.secrets)
    }

    private func expectRoot(on machine: RootMachine, fresh: Bool, _ comment: Comment) throws {
        let next = try machine.boot()
        #expect(next.isFresh == fresh && next.set == 0 && !next.isHistoryLost, comment)
        let later = try machine.boot()
        #expect(later.secrets == next.secrets && !later.isFresh, comment)
    }
}

extension [UInt32] {
    /// Places of the commands that change what the TPM stores.
    fileprivate var changes: [Int] {
        let codes: Set = [
            TPMCommandCode.nvDefineSpace, TPMCommandCode.nvWrite, TPMCommandCode.nvWriteLock,
            TPMCommandCode.nvExtend, TPMCommandCode.nvUndefineSpace, TPMCommandCode.nvUndefineSpaceSpecial,
        ]
        return indices.filter { codes.contains(self[$0]) }
    }
}

import RootStorage
import SICEABI
import SoftwareTPM
import TPM2
import Testing

/// What P0 and P1 are two for: whoever knows A writes a successor's policy into one, after the boot, without the platform.
@Suite(.serialized, .enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
struct SuccessorTests {
    private let set = RootIndexSet(0)

    /// Writes what P0, or P1, holds, as the vault of a running machine.
    private func write(_ contents: [UInt8], _ area: NVPublicArea, _ machine: RootMachine, _ root: StoredRoot)
        throws
    {
        var client = try machine.client()
        try client.write(area.index, by: .authValue(root.authValue), contents.span)
    }

    private func policy(manager: UInt8, _ machine: RootMachine) throws -> [UInt8] {
        try machine.measure(manager)
        var client = try machine.client()
        return try client.presentPolicy()
    }

    @Test func successor_opensTheSameRoot() throws {
        let machine = try RootMachine()
        let first = try machine.boot(manager: 1)
        let successor = try policy(manager: 2, machine)
        #expect(throws: ErrorCode.rootRefused) { try machine.boot(manager: 2) }
        _ = try machine.boot(manager: 1)
        try write(successor, set.policies.1, machine, first)
        for manager in [1, 2, 1, 2] as [UInt8] {
            let root = try machine.boot(manager: manager)
            #expect(root.secrets == first.secrets && !root.isFresh)
        }
        #expect(throws: ErrorCode.rootRefused) { try machine.boot(manager: 3) }
    }

    /// After its first good boot the successor takes the old policy away: the older firmware is out.
    @Test func predecessor_isOutAfterNarrowing() throws {
        let machine = try RootMachine()
        let first = try machine.boot(manager: 1)
        let successor = try policy(manager: 2, machine)
        _ = try machine.boot(manager: 1)
        try write(successor, set.policies.1, machine, first)
        _ = try machine.boot(manager: 2)
        try write([0, 0x0B] + [UInt8](repeating: 0, count: 32), set.policies.0, machine, first)
        #expect(throws: ErrorCode.rootRefused) { try machine.boot(manager: 1) }
        #expect(try machine.boot(manager: 2).secrets == first.secrets)
    }

    /// A write that lost its power leaves anything in one P; the other opens R, and nothing else is thought of the first.
    @Test(arguments: [
        [UInt8](repeating: 0xFF, count: 34), [UInt8](repeating: 0, count: 34),
        [0, 0x04] + [UInt8](repeating: 9, count: 32),
        [0, 0x0B] + [UInt8](repeating: 9, count: 32), [0, 0x0C] + [UInt8](repeating: 9, count: 32),
    ])
    func tornWrite_costsNothing(contents: [UInt8]) throws {
        let machine = try RootMachine()
        let first = try machine.boot()
        let own = try policy(manager: 1, machine)
        try write(own, set.policies.1, machine, first)
        try write(contents, set.policies.0, machine, first)
        #expect(try machine.boot().secrets == first.secrets)
        #expect(throws: ErrorCode.rootRefused) { try machine.boot(manager: 2) }
        try write(own, set.policies.0, machine, first)
        try write(contents, set.policies.1, machine, first)
        #expect(try machine.boot().secrets == first.secrets)
        #expect(throws: ErrorCode.rootRefused) { try machine.boot(manager: 2) }
    }
}

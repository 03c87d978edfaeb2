import RootStorage
import SICEABI
import SoftwareTPM
import TPM2
import Testing

/// What firmware that ran before, with the platform hierarchy open, can and cannot make us take for our root.
@Suite(.serialized, .enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
struct PlantedRootTests {
    typealias Change = @Sendable (inout OtherFirmware) -> Void

    /// A set around a known root whose R or P is not exactly ours is deleted, and a root made.
    @Test(
        arguments: [
            { $0.root = $0.root.with(clear: NVAttributes.readLockUntilReset) },
            { $0.root = $0.root.with(clear: NVAttributes.writeDefine | NVAttributes.writeLocked) },
            { $0.root = $0.root.with(clear: NVAttributes.noDictionaryAttack) },
            { $0.root = $0.root.with(set: NVAttributes.authRead) },
            { $0.root = $0.root.with(set: NVAttributes.platformRead) },
            { $0.root = $0.root.with(set: NVAttributes.authWrite) },
            { $0.root = $0.root.with(size: 63) },
            { $0.root = $0.root.with(size: 65) },
            { $0.root = $0.root.with(set: NVAttributes.authRead, policy: .some(nil)) },
            { $0.root = $0.root.with(policy: InlineArray(repeating: 1)) },
            { $0.policies.0 = $0.policies.0.with(clear: NVAttributes.policyDelete) },
            { $0.policies.1 = $0.policies.1.with(clear: NVAttributes.policyDelete) },
            {
                $0.policies.0 = $0.policies.0.with(
                    set: NVAttributes.platformWrite, clear: NVAttributes.policyDelete)
            },
            { $0.policies.0 = $0.policies.0.with(clear: NVAttributes.policyDelete, size: 35) },
            {
                $0.policies.0 = $0.policies.0.with(clear: NVAttributes.policyDelete)
                $0.policies.1 = $0.policies.1.with(clear: NVAttributes.policyDelete)
            },
        ] as [Change])
    func reject_setThatOnlyLooksRight(change: Change) throws {
        let machine = try RootMachine()
        try machine.measure()
        var other = OtherFirmware()
        change(&other)
        var client = try machine.client()
        try other.plant(on: &client)
        let found = try machine.boot()
        #expect(found.isFresh && !found.isHistoryLost)
        #expect(found.secrets != OtherFirmware.secrets)
        try expectOurs(found.set, on: machine)
        #expect(try machine.boot().secrets == found.secrets)
    }

    /// P with POLICY_DELETE and another policy, or written under an authorization that we do not know, stays for ever: the
    /// next set is used.
    @Test func firstSetThatStays_isPassedBy() throws {
        let machine = try RootMachine()
        try machine.measure()
        var other = OtherFirmware()
        other.policies.0 = other.policies.0.with(policy: InlineArray(repeating: 1))
        var client = try machine.client()
        try other.plant(on: &client)
        let second = OtherFirmware(1)
        try second.plantPolicy(second.policies.1, [UInt8](repeating: 1, count: 34), on: &client)
        let found = try machine.boot()
        #expect(found.isFresh && found.set == 2)
        #expect(try machine.boot().secrets == found.secrets)
    }

    @Test func reject_TPMWithAllSetsTaken() throws {
        let machine = try RootMachine()
        try machine.measure()
        var client = try machine.client()
        for number in 0..<RootIndexSet.count {
            let other = OtherFirmware(number)
            try other.plantPolicy(other.policies.0, [UInt8](repeating: 1, count: 34), on: &client)
        }
        #expect(throws: ErrorCode.rootNoPlace) { try machine.boot() }
    }

    /// What cannot be told from ours is taken, but never called fresh: who enrolled a fresh root sees another.
    @Test func setThatIsExactlyRight_isNotFresh() throws {
        let machine = try RootMachine()
        try machine.measure()
        var client = try machine.client()
        try OtherFirmware().plant(on: &client)
        let found = try machine.boot()
        #expect(found.secrets == OtherFirmware.secrets && !found.isFresh)
    }

    /// R made again around a known root, exactly like ours or not: P's authorization is not in it, so it is not taken. The
    /// old root is gone.
    @Test(
        arguments: [
            { _ in }, { $0.root = $0.root.with(set: NVAttributes.authRead) },
            { $0.root = $0.root.with(size: 32) },
        ] as [Change])
    func reject_rootThatReplacesOurs(change: Change) throws {
        let machine = try RootMachine()
        let first = try machine.boot()
        try machine.measure(2)
        var other = OtherFirmware()
        change(&other)
        var client = try machine.client()
        try other.plantRoot(on: &client)
        let found = try machine.boot()
        #expect(found.isFresh && found.set == 1)
        #expect(found.secrets != OtherFirmware.secrets && found.secrets != first.secrets)
        let later = try machine.boot()
        #expect(later.secrets == found.secrets && !later.isFresh)
    }

    /// Firmware that we did not measure deletes what it can of ours: R and H, never P.
    @Test func otherFirmware_cannotReplaceP() throws {
        let machine = try RootMachine()
        _ = try machine.boot()
        try machine.measure(2)
        var client = try machine.client()
        for area in [RootIndexSet(0).policies.0, RootIndexSet(0).policies.1] {
            #expect(throwing { () throws(ErrorCode) in try client.undefine(area.index) } == .tpmCommandFailed)
            #expect(client.responseCode == 0x282)
            let contents = [UInt8](repeating: 0, count: 34)
            #expect(
                throwing { () throws(ErrorCode) in
                    try client.write(area.index, by: .authValue(OtherFirmware.authValue), contents.span)
                } == .tpmCommandFailed)
            #expect(client.responseCode == 0x9A2)
        }
    }

    /// H that other firmware deleted, or made again in another form, is lost: never begun again under our authorization.
    @Test(
        arguments: [
            nil, { $0.history = $0.history.with(size: 32, policy: InlineArray(repeating: 1)) },
            { $0.history = $0.history.with(set: NVAttributes.platformWrite) },
            { $0.history = $0.history.with(set: NVAttributes.authRead | 2) },
        ] as [Change?])
    func history_isNeverMadeAgain(change: Change?) throws {
        let machine = try RootMachine()
        let first = try machine.boot()
        try machine.measure(2)
        var client = try machine.client()
        try client.undefine(RootIndexSet(0).history.index)
        if let change {
            var other = OtherFirmware()
            change(&other)
            try other.plantHistory(on: &client)
        }
        for _ in 0..<2 {
            let found = try machine.boot()
            #expect(found.isHistoryLost && !found.isFresh && found.secrets == first.secrets)
            client = try machine.client()
            #expect(try client.state(of: RootIndexSet(0).history) == .absent)
        }
    }

    private func expectOurs(_ number: Int, on machine: RootMachine) throws {
        let set = RootIndexSet(number)
        var client = try machine.client()
        #expect(try client.state(of: set.root) == .alike(attributes: 0xF208_2801))
        #expect(try client.state(of: set.policies.0) == .alike(attributes: 0x6205_0404))
        #expect(try client.state(of: set.policies.1) == .alike(attributes: 0x6205_0404))
        #expect(try client.state(of: set.history) == .alike(attributes: 0x6204_0044))
    }
}

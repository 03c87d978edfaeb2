import FreshState
import SICEABI
import Testing

/// What the vault keeps, and what it takes back.
@Suite struct VaultTests {
    private static func begun() throws -> VaultBench<HostCryptography> {
        var bench = VaultBench(HostCryptography())
        try bench.look()
        try bench.vault.begin()
        return bench
    }

    private func expect(_ bench: VaultBench<HostCryptography>, _ value: UInt8, counter: UInt64) throws {
        let register = try bench.register()
        #expect(array(register.value) == [UInt8](repeating: value, count: 32) && register.counter == counter)
    }

    @Test func state_comesBackAfterAReset() throws {
        var bench = try Self.begun()
        try expect(bench, 0, counter: 0)
        _ = try bench.commit(1)
        let blob = try bench.commit(2)
        try expect(bench, 2, counter: 2)
        bench.restart()
        #expect(throws: ErrorCode.vaultNotReady) { try bench.register() }
        try bench.look()
        #expect(try bench.offer(blob) == .current)
        try expect(bench, 2, counter: 2)
        _ = try bench.commit(3)
        try expect(bench, 3, counter: 3)
    }

    /// One NV write for all that is settled at once.
    @Test func commits_areGrouped() throws {
        var bench = try Self.begun()
        for number in 1...48 as ClosedRange<UInt8> {
            try bench.vault.commit(.sample(number), from: .init(repeating: 0), to: .init(repeating: number))
        }
        // Nobody reads what is not settled.
        #expect(try bench.register(of: .sample(48)).counter == 0)
        let before = bench.tpm.extensions
        let blob = try bench.seal()
        try bench.settle()
        #expect(bench.tpm.extensions == before + 1 && bench.vault.commits == 1)
        bench.restart()
        try bench.look()
        #expect(try bench.offer(blob) == .current)
        for number in 1...48 as ClosedRange<UInt8> {
            let register = try bench.register(of: .sample(number))
            #expect(register.value[0] == number && register.counter == 1)
        }
    }

    @Test func reject_conflict_andTheFortyNinth() throws {
        var bench = try Self.begun()
        _ = try bench.commit(1)
        #expect(throws: ErrorCode.stateConflict) {
            try bench.vault.commit(.sample(1), from: .init(repeating: 0), to: .init(repeating: 9))
        }
        for number in 2...48 as ClosedRange<UInt8> { _ = try bench.commit(number, of: .sample(number)) }
        #expect(throws: ErrorCode.stateTableFull) {
            try bench.vault.commit(.sample(49), from: .init(repeating: 0), to: .init(repeating: 9))
        }
        try expect(bench, 1, counter: 1)
        // A place that is given up can be had, and the one who had it begins anew, behind all its counters.
        #expect(try bench.vault.forget(.sample(1)))
        #expect(try !bench.vault.forget(.sample(1)))
        try bench.vault.commit(.sample(49), from: .init(repeating: 0), to: .init(repeating: 9))
        _ = try bench.seal()
        try bench.settle()
        #expect(try bench.register(of: .sample(48)).value[0] == 48)
        #expect(try bench.vault.forget(.sample(49)))
        try bench.vault.commit(.sample(1), from: .init(repeating: 0), to: .init(repeating: 1))
        _ = try bench.seal()
        try bench.settle()
        try expect(bench, 1, counter: 50)
    }

    /// Programs of one author's product share a row, by whatever version; nobody else does.
    @Test func keys_areMeasurementsOrProducts() throws {
        var bench = try Self.begun()
        let digest = InlineArray<32, UInt8>(repeating: 1)
        let keys = [
            StateKey(measurement: digest), StateKey(author: digest, product: 0),
            StateKey(author: digest, product: 1),
        ]
        for (value, key) in keys.enumerated() { _ = try bench.commit(UInt8(value + 1), of: key) }
        for (value, key) in keys.enumerated() { #expect(try bench.register(of: key).value[31] == value + 1) }
    }

    /// A table that was stored, and power went: it is committed now, or it never was.
    @Test func pendingTable_isSettledOrForgotten() throws {
        var bench = try Self.begun()
        let first = try bench.commit(1)
        try bench.vault.commit(.sample(1), from: .init(repeating: 1), to: .init(repeating: 2))
        let second = try bench.seal()
        bench.restart()
        try bench.look()
        #expect(try bench.offer(second) == .pending)
        #expect(throws: ErrorCode.vaultNotReady) { try bench.register() }
        var other = bench
        #expect(try other.offer(first) == .current)
        try expect(other, 1, counter: 1)
        try bench.settle()
        try expect(bench, 2, counter: 2)
    }

    @Test func reject_staleForkedAndForeignTables() throws {
        var bench = try Self.begun()
        let first = try bench.commit(1)
        try bench.vault.commit(.sample(1), from: .init(repeating: 1), to: .init(repeating: 2))
        let forked = try bench.seal()
        bench.restart()
        try bench.look()
        #expect(try bench.offer(first) == .current)
        let second = try bench.commit(3)
        bench.restart()
        try bench.look()
        for stale in [first, forked] {
            #expect(throws: ErrorCode.stateStale) { try bench.offer(stale) }
        }
        var foreign = VaultBench(HostCryptography(), key: 4)
        try foreign.look()
        try foreign.vault.begin()
        let alien = try foreign.commit(1)
        #expect(throws: ErrorCode.sealedDataRefused) { try bench.offer(alien) }
        #expect(try bench.offer(second) == .current)
    }

    @Test func reject_everyFlippedByteAndLengthOfATable() throws {
        var bench = try Self.begun()
        let blob = try bench.commit(1)
        bench.restart()
        try bench.look()
        for position in stride(from: 0, to: blob.count, by: 7) {
            var forged = blob
            forged[position] ^= 1 << (position % 8)
            // Fields of the header that have few values.
            let isForm = position < 16 || (145..<152).contains(position)
            #expect(throws: isForm ? ErrorCode.sealedDataMalformed : .sealedDataRefused, "byte \(position)") {
                try bench.offer(forged)
            }
        }
        #expect(throws: ErrorCode.sealedDataMalformed) { try bench.offer(Array(blob.dropLast())) }
        #expect(throws: ErrorCode.sealedDataMalformed) { try bench.offer(blob + [0]) }
        #expect(bench.vault.phase == .looking)
    }

    /// The TPM's history tells that there was a state.
    @Test func reject_beginningAnew() throws {
        var bench = try Self.begun()
        _ = try bench.commit(1)
        bench.restart()
        #expect(throws: ErrorCode.vaultNotReady) { try bench.vault.begin() }
        try bench.look()
        #expect(throws: ErrorCode.stateLost) { try bench.vault.begin() }
    }

    @Test func reject_stepsOutOfOrder() throws {
        var bench = VaultBench(HostCryptography())
        #expect(throws: ErrorCode.vaultNotReady) { try bench.receive([]) }
        #expect(throws: ErrorCode.vaultNotReady) { try bench.settleCommand() }
        #expect(throws: ErrorCode.vaultNotReady) { try bench.seal() }
        #expect(throws: ErrorCode.vaultNotReady) { try bench.offer([]) }
        #expect(throws: ErrorCode.vaultNotReady) {
            try bench.vault.commit(.sample(1), from: .init(repeating: 0), to: .init(repeating: 1))
        }
        try bench.look()
        try bench.vault.begin()
        let empty = bench
        try bench.vault.commit(.sample(1), from: .init(repeating: 0), to: .init(repeating: 1))
        let table = try bench.seal()
        #expect(throws: ErrorCode.vaultNotReady) { try bench.offer(table) }
        bench = empty
        // There is nothing to commit.
        #expect(throws: ErrorCode.vaultNotReady) { try bench.seal() }
        #expect(throws: ErrorCode.vaultNotReady) { try bench.lookCommand() }
        #expect(throws: ErrorCode.vaultNotReady) { try bench.offer(table) }
    }

    /// What was offered before does not count once the vault looked again.
    @Test func reject_offerOfBeforeAnotherLook() throws {
        var bench = try Self.begun()
        try bench.vault.commit(.sample(1), from: .init(repeating: 0), to: .init(repeating: 1))
        let table = try bench.seal()
        bench.restart()
        try bench.look()
        #expect(try bench.offer(table) == .pending)
        try bench.look()
        #expect(throws: ErrorCode.vaultNotReady) { try bench.settleCommand() }
        try bench.vault.begin()
        #expect(throws: ErrorCode.vaultNotReady) { try bench.offer(table) }
        #expect(throws: ErrorCode.vaultNotReady) { try bench.lookCommand() }
        _ = try bench.commit(2)
        try expect(bench, 2, counter: 1)
    }
}

import SICEABI
import Simulation
import Testing

@testable import ManagerCore

/// Invariant I3 at its root.
@Suite struct PagePoolTests {
    @Test func freshPagesAreCleared() throws {
        var machine = SimulatedMachine(poolPages: 4)
        var pool = PagePool(base: MachineLayout.poolBase, count: 4)
        var account = PageAccount(owner: 1)
        try pool.reserve(4, for: &account)
        for index in 0..<4 as Range<UInt32> {
            let page = try pool.take(for: &account, machine: &machine)
            #expect(page.index == index)
            let start = Int(index) * 4096
            #expect(machine.pool[start..<start + 4096].allSatisfy { $0 == 0 })
            #expect(machine.owner(of: page) == 1)
        }
        #expect(pool.available == 0 && account.owned == 4 && account.reserved == 0)
    }

    @Test func pagesComeBackClearedAndGoToOthers() throws {
        var machine = SimulatedMachine(poolPages: 3)
        var pool = PagePool(base: MachineLayout.poolBase, count: 3)
        var first = PageAccount(owner: 1)
        var second = PageAccount(owner: 2)
        try pool.reserve(2, for: &first)
        let page = try pool.take(for: &first, machine: &machine)
        _ = try pool.take(for: &first, machine: &machine)
        machine.setWord(7, of: page, to: 0x5EC2E7)
        while pool.giveBackOne(of: &first, machine: &machine) {}
        #expect(first.owned == 0 && pool.available == 3 && machine.owner(of: page) == PagePool.Owner.none)
        #expect(machine.word(7, of: page) == 0)
        try pool.reserve(3, for: &second)
        var pages: Set<UInt32> = []
        for _ in 0..<3 { pages.insert(try pool.take(for: &second, machine: &machine).index) }
        #expect(pages == [0, 1, 2] && machine.owners == [2, 2, 2])
    }

    @Test func reject_moreThanWasPromised() throws {
        var machine = SimulatedMachine(poolPages: 4)
        var pool = PagePool(base: MachineLayout.poolBase, count: 4)
        var account = PageAccount(owner: 1)
        #expect(throws: ErrorCode.poolExhausted) { try pool.reserve(5, for: &account) }
        #expect(throws: ErrorCode.poolExhausted) { try pool.reserve(.max, for: &account) }
        #expect(throws: ErrorCode.poolExhausted) { try pool.take(for: &account, machine: &machine) }
        try pool.reserve(1, for: &account)
        _ = try pool.take(for: &account, machine: &machine)
        #expect(throws: ErrorCode.poolExhausted) { try pool.take(for: &account, machine: &machine) }
        try pool.reserve(3, for: &account)
        pool.cancelReservation(of: &account)
        #expect(pool.available == 3 && account.reserved == 0)
    }

    @Test func addressesOutsideThePoolAreNoPages() {
        let pool = PagePool(base: 0x1000, count: 2)
        #expect(pool.page(at: 0x1000)?.index == 0 && pool.page(at: 0x2000)?.index == 1)
        for address in [0, 0xFFF, 0x1001, 0x3000, .max, 0x1_0000_0000_1000 as UInt64] {
            #expect(pool.page(at: address) == nil)
        }
    }
}

import GuestPolicy
import IsolatedImage
import ManagerCore
import SICEABI
import Simulation
import Testing

@Suite struct DestroyTests {
    @Test func destroyClearsInBoundedSteps() throws {
        let s = try Simulation()
        let id = try s.launch(SampleImage(zeroPages: 200))
        let pages = try #require(try s.record(of: id)).pages
        #expect(try s.call(.destroy, rcx: id).rbx == pages - ABI.pagesPerStep)
        #expect(try s.record(of: id)?.state == .scrubbing)
        checkInvariants(s)
        #expect(try s.destroy(id) == Int(pages - 1) / Int(ABI.pagesPerStep))
        #expect(try s.record(of: id) == nil)
        #expect(try s.freePages == 598)
        #expect(s.machine.guests[0] == nil)
        checkInvariants(s)
    }

    @Test func destroyWhileLoadingGivesBackThePromise() throws {
        let s = try Simulation()
        let file = try SampleImage(zeroPages: 300).file()
        let id = try s.create(file)
        try s.load(id, file, 0, 3)
        #expect(try s.freePages < 300)
        try s.destroy(id)
        #expect(try s.freePages == 598)
        checkInvariants(s)
    }

    @Test func thousandEnvironmentsLeakNothing() throws {
        let s = try Simulation(poolPages: 40)
        var image = SampleImage(zeroPages: 1, windows: 0)
        image.regions[0].pages = 1
        image.regions[0].contentPages = 1
        let file = try image.file()
        for round in 1...1000 {
            let id = try s.create(file)
            #expect(id == UInt64(round) << 8)
            try s.load(id, file, 0, 1 + round % 4)
            try s.destroy(id)
        }
        #expect(try s.freePages == 38)
        checkInvariants(s)
    }

    @Test func recycledPagesShowNothingOfTheirOwner() throws {
        let s = try Simulation(poolPages: 60)
        try s.destroy(try s.launch(SampleImage(zeroPages: 16)))
        // The next image's zero pages come from the first one's content.
        let id = try s.launch(SampleImage(zeroPages: 30))
        let stack = walk(s, Int(id & 0xFF)).leaves.filter { $0.guest >= 0x40_0000 && $0.guest < 0x50_0000 }
        #expect(stack.count == 30)
        for leaf in stack {
            let start = Int(leaf.physical - MachineLayout.poolBase)
            #expect(s.machine.pool[start..<start + 4096].allSatisfy { $0 == 0 })
        }
    }

    @Test func destroyedEnvironmentsLeaveNoTraceInTheSlot() throws {
        let s = try Simulation()
        let first = try s.launch()
        let data: [GuestRegister: UInt64] = [.rbx: 0x5EC, .r10: 0x2E7]
        _ = try s.call(.run, rcx: first, exits: [.service(.setWorkloadData, data), .end(4)])
        try s.destroy(first)
        var image = SampleImage()
        image.fill = 9
        let second = try s.create(try image.file())
        let record = try #require(try s.record(of: second))
        #expect(record.runs == 0 && record.crashCode == 0 && record.measurement.allSatisfy { $0 == 0 })
        let words = s.manager.workloadWords(ofSlot: 0)
        #expect(words.allSatisfy { $0 == 0 })
    }
}

import IsolatedImage
import ManagerCore
import SICEABI
import Simulation
import Testing

@Suite struct WindowTests {
    typealias Place = Simulation.Place

    /// A sealed environment with two windows of four pages.
    func sealed() throws -> (Simulation, UInt64) {
        let s = try Simulation()
        let image = SampleImage(windows: 2)
        let file = try image.file()
        let id = try s.create(file)
        try s.load(id, file, 0, 7)
        try s.seal(id)
        return (s, id)
    }

    @Test func lastWindowMakesRunnable() throws {
        let (s, id) = try sealed()
        #expect(try s.call(.attach, rcx: id, rdx: 1, rsi: Place.window).rbx == 1)
        #expect(try s.record(of: id)?.state == .sealed)
        #expect(throws: ErrorCode.wrongState) { try s.call(.run, rcx: id) }
        #expect(try s.call(.attach, rcx: id, rdx: 0, rsi: Place.window + 0x4000).rbx == 0)
        #expect(try s.record(of: id)?.state == .runnable)
        checkInvariants(s)
        let leaves = walk(s, 0).leaves.filter { $0.guest >= 0x1000_0000 }
        let expected = (0..<4).map { (0x1000_0000 + $0 * 4096, Place.window + 0x4000 + $0 * 4096) }
        #expect(leaves.prefix(4).map(\.guest) == expected.map(\.0))
        #expect(leaves.prefix(4).map(\.physical) == expected.map(\.1))
        #expect(leaves.count == 8 && leaves.allSatisfy { $0.isWritable && !$0.isExecutable })
    }

    @Test func readOnlyWindowIsReadOnly() throws {
        let s = try Simulation()
        var image = SampleImage(windows: 1)
        image.windows[0].permissions = Permissions.read
        _ = try s.launch(image)
        let leaves = walk(s, 0).leaves.filter { $0.guest >= 0x1000_0000 }
        #expect(leaves.count == 4 && leaves.allSatisfy { !$0.isWritable && !$0.isExecutable })
    }

    @Test func reject_undeclaredWindow() throws {
        let (s, id) = try sealed()
        for index: UInt64 in [2, 3, 4, 1 << 32, .max] {
            #expect(throws: ErrorCode.windowNotDeclared) {
                try s.call(.attach, rcx: id, rdx: index, rsi: Place.window)
            }
        }
    }

    @Test func reject_secondAttach() throws {
        let (s, id) = try sealed()
        try s.call(.attach, rcx: id, rdx: 0, rsi: Place.window)
        #expect(throws: ErrorCode.windowAlreadyAttached) {
            try s.call(.attach, rcx: id, rdx: 0, rsi: Place.window)
        }
        try s.call(.attach, rcx: id, rdx: 1, rsi: Place.window)
        #expect(throws: ErrorCode.wrongState) { try s.call(.attach, rcx: id, rdx: 1, rsi: Place.window) }
    }

    @Test(
        arguments: [
            (MachineLayout.smramBase, .addressInSMRAM), (MachineLayout.poolBase, .addressInSMRAM),
            (MachineLayout.smramBase - 0x3000, .addressInSMRAM), (0xFFFF_FFFF_FFFF_E000, .addressWraps),
            (0xFEE0_0000, .addressOutsideRAM), (0x1F_D000, .addressOutsideRAM),
            (Simulation.Place.window + 8, .addressMisaligned),
        ] as [(UInt64, ErrorCode)])
    func reject_windowAddress(_ address: UInt64, _ expected: ErrorCode) throws {
        let (s, id) = try sealed()
        let before = walk(s, 0).leaves.count
        #expect(throws: expected) { try s.call(.attach, rcx: id, rdx: 0, rsi: address) }
        #expect(walk(s, 0).leaves.count == before)
        #expect(try s.call(.attach, rcx: id, rdx: 0, rsi: Place.window).rbx == 1)
    }

    @Test func largestWindowIsMapped() throws {
        // 4096 pages of window need more host memory than the simulated machine has: refused as a whole.
        let s = try Simulation()
        var image = SampleImage(windows: 1)
        image.windows[0].pages = 32
        let id = try s.launch(image)
        #expect(walk(s, Int(id & 0xFF)).leaves.count { $0.guest >= 0x1000_0000 } == 32)
        image.windows[0].pages = ImageLayout.maximumWindowPages
        #expect(throws: ErrorCode.addressInSMRAM) { _ = try s.launch(image) }
        checkInvariants(s)
    }
}

import ManagerCore
import SICEABI
import Simulation
import Testing

/// A handoff that does not fit together stops the manager.
@Suite struct HandoffTests {
    func error(_ change: (inout [UInt8]) -> Void) -> ErrorCode? {
        var handoff = MachineLayout.handoff(poolPages: 16, cores: 2, flags: 0)
        change(&handoff)
        var machine = SimulatedMachine(poolPages: 16)
        do throws(ErrorCode) {
            _ = try Simulation.takeOver(handoff, machine: &machine)
            return nil
        } catch {
            return error
        }
    }

    @Test func accept_whole() {
        #expect(error { _ in } == nil)
    }

    @Test func reject_truncatedOrBadMagic() {
        #expect(error { $0.removeLast() } == .notInstalled)
        #expect(error { $0 = [] } == .notInstalled)
        #expect(error { $0[0] ^= 1 } == .notInstalled)
    }

    @Test func reject_poolOutsideSMRAM() {
        #expect(error { $0.set(MachineLayout.smramBase - 4096, at: HandoffLayout.poolBase) } == .notInstalled)
        #expect(error { $0.set(MachineLayout.poolBase + 1, at: HandoffLayout.poolBase) } == .notInstalled)
        #expect(
            error {
                $0.set(MachineLayout.smramBase + MachineLayout.smramSize - 4096, at: HandoffLayout.poolBase)
            }
                == .notInstalled)
        #expect(error { $0.set(UInt64.max & ~0xFFF, at: HandoffLayout.poolBase) } == .notInstalled)
    }

    @Test func reject_poolSizes() {
        for pages in [0, 2, 17, UInt64(UInt32.max), .max] {
            #expect(error { $0.set(pages, at: HandoffLayout.poolPages) } == .notInstalled)
        }
        #expect(error { $0.set(UInt64(79), at: HandoffLayout.metadataSize) } == .notInstalled)
    }

    @Test func reject_memoryAtTheLocalAPIC() {
        #expect(error { $0.set(UInt64(0xFEE0_0000), at: HandoffLayout.ramRanges) } == .notInstalled)
        #expect(error { $0.set(UInt64(0xFEE0_0FFF), at: HandoffLayout.ramRanges) } == .notInstalled)
        #expect(error { $0.set(UInt64(0xFEE0_1000), at: HandoffLayout.ramRanges) } == nil)
    }

    @Test func reject_communicationAreaWithoutRoomForRequestWords() {
        #expect(error { $0.set(UInt64(2048), at: HandoffLayout.communicationSize) } == .notInstalled)
        let inside = MachineLayout.communicationBase + 8
        #expect(error { $0.set(inside, at: HandoffLayout.communicationBase) } == .notInstalled)
    }

    /// The payload vouches for what it tried, and for nothing else.
    @Test(arguments: (0..<UInt8(PostureClaim.count)).compactMap(PostureClaim.init(rawValue:)))
    func reject_findingsThatCannotBe(_ claim: PostureClaim) {
        let bit = UInt32(1) << UInt32(claim.rawValue)
        func found(tried: UInt32, present: UInt32) -> ErrorCode? {
            error {
                $0.set(tried, at: HandoffLayout.postureTried)
                $0.set(present, at: HandoffLayout.posturePresent)
            }
        }
        #expect(found(tried: bit, present: 0) == (claim.isFoundAtBoot ? nil : .notInstalled))
        #expect(
            found(tried: bit, present: bit) == (claim.isFoundAtBoot && claim.canBeShown ? nil : .notInstalled)
        )
        #expect(found(tried: 0, present: bit) == .notInstalled)
        #expect(found(tried: 1 << UInt32(PostureClaim.count), present: 0) == .notInstalled)
        #expect(found(tried: 1 << 31, present: 0) == .notInstalled)
    }

    @Test func reject_coresAndRanges() {
        #expect(error { $0.set(UInt32(0), at: HandoffLayout.coreCount) } == .notInstalled)
        #expect(error { $0.set(UInt32(9), at: HandoffLayout.coreCount) } == .notInstalled)
        #expect(error { $0.set(UInt32(17), at: HandoffLayout.ramRangeCount) } == .notInstalled)
        #expect(error { $0.set(UInt64.max, at: HandoffLayout.ramRanges + 8) } == .notInstalled)
        #expect(error { $0.set(UInt64(0), at: HandoffLayout.tsegSize) } == .notInstalled)
        #expect(error { $0.set(MachineLayout.smramBase + 1, at: HandoffLayout.tsegBase) } == .notInstalled)
        #expect(error { $0.set(UInt64.max - 4095, at: HandoffLayout.tsegSize) } == .notInstalled)
    }
}

import ManagerCore
import SICEABI
import Testing

/// Invariant I1: what may be named as host memory.
@Suite struct HostRangeTests {
    /// RAM from 1 MiB to 2 GiB except SMRAM at its top, and from 4 to 6 GiB.
    static let map: HostMemoryMap = {
        var map = HostMemoryMap(smramBase: 0x7C00_0000, size: 64 << 20)
        for (base, size) in [(0x10_0000, 0x7BF0_0000), (0x1_0000_0000, 0x8000_0000)] as [(UInt64, UInt64)] {
            do throws(ErrorCode) { try map.addRAM(base: base, size: size) } catch { fatalError("bad map") }
        }
        return map
    }()

    func error(_ address: UInt64, _ count: UInt64, alignment: UInt64 = 1) -> ErrorCode? {
        do throws(ErrorCode) {
            let range = try HostRange(address: address, count: count, alignment: alignment, in: Self.map)
            #expect(range.address == address && range.count == count)
            return nil
        } catch {
            return error
        }
    }

    @Test func accept_wholeRanges() {
        #expect(error(0x10_0000, 0x7BF0_0000) == nil)
        #expect(error(0x1_0000_0000, 0x8000_0000) == nil)
        #expect(error(0x7BFF_FFFF, 1) == nil)
        #expect(error(0x1_7FFF_F000, 4096, alignment: 4096) == nil)
    }

    @Test func reject_pointerIntoSMRAM() {
        for (address, count) in [
            (0x7C00_0000, 1), (0x7C00_0000, 64 << 20), (0x7FFF_FFFF, 1), (0x7BFF_FFFF, 2),
            (0x7BFF_F000, 8192),
            (0x7E00_0000, 4096), (0x10_0000, 0x7BF0_0001), (0x7FFF_FFFF, 0x8000_0002), (0, 0x1_0000_0000),
        ] as [(UInt64, UInt64)] {
            #expect(error(address, count) == .addressInSMRAM)
        }
    }

    @Test func reject_wrappingRange() {
        #expect(error(.max, 1) == .addressWraps)
        #expect(error(.max, .max) == .addressWraps)
        #expect(error(0x7C00_0000, .max) == .addressWraps)
        #expect(error(0xFFFF_FFFF_FFFF_F000, 4096, alignment: 4096) == .addressWraps)
    }

    @Test func reject_outsideRAM() {
        for (address, count) in [
            (0, 4096), (0xF_FFFF, 2), (0x8000_0000, 1), (0xFEE0_0000, 4096), (0xFFFF_F000, 4096),
            (0xFFFF_FFFF, 2), (0x1_8000_0000, 1), (0x1_7FFF_FFFF, 2), (1 << 52, 1),
        ] as [(UInt64, UInt64)] {
            #expect(error(address, count) == .addressOutsideRAM)
        }
    }

    @Test func reject_misalignedOrEmpty() {
        #expect(error(0x10_0001, 4096, alignment: 4096) == .addressMisaligned)
        #expect(error(0x10_0800, 4096, alignment: 4096) == .addressMisaligned)
        #expect(error(0x10_0000, 0) == .invalidArgument)
    }

    @Test func reject_badMap() {
        var map = HostMemoryMap(smramBase: 0, size: 0)
        #expect(throws: ErrorCode.invalidArgument) { try map.addRAM(base: 0, size: 0) }
        #expect(throws: ErrorCode.invalidArgument) { try map.addRAM(base: 1, size: .max) }
        for index in 0..<17 as Range<UInt64> {
            #expect(throws: Never.self) { try map.addRAM(base: index << 20, size: 4096) }
        }
        #expect(throws: ErrorCode.invalidArgument) { try map.addRAM(base: 1 << 30, size: 4096) }
    }

    @Test func smramThatWrapsReachesTheEnd() {
        let map = HostMemoryMap(smramBase: 0xFFFF_0000_0000_0000, size: .max)
        #expect(map.smramEnd == .max)
    }
}

import CorebootFormats
import SICEABI
import Testing

@Suite struct MemoryMapTests {
    private func sample() throws -> MemoryMap {
        var map = MemoryMap()
        for range in SampleTable.ranges { try map.append(range) }
        return map
    }

    private func range(_ base: UInt64, _ size: UInt64) -> MemoryRange {
        MemoryRange(base: base, size: size, type: MemoryType.ram)
    }

    @Test func findsTheEndOfRAM() throws {
        #expect(try sample().topOfRAM(below: 1 << 32) == 0x7C00_0000)
    }

    @Test func coversOnlyWhatIsWhollyOfTheType() throws {
        let map = try sample()
        #expect(map.covers(range(0x7C00_0000, 0x400_0000), type: MemoryType.reserved))
        #expect(!map.covers(range(0x7C00_0000, 0x400_0001), type: MemoryType.reserved))
        #expect(!map.covers(range(0x7BFF_FFFF, 2), type: MemoryType.reserved))
        #expect(map.covers(range(0x7BE0_0000, 0x20_0000), type: MemoryType.ram, or: MemoryType.tables))
        #expect(!map.covers(range(0x7BE0_0000, 0x20_0000), type: MemoryType.ram))
        #expect(!map.covers(range(0x10_0000, 0), type: MemoryType.ram))
        #expect(!map.covers(range(UInt64.max, 2), type: MemoryType.ram))
    }

    @Test func obstacle_isWhereAnotherTypeBegins() throws {
        let map = try sample()
        func obstacle(_ base: UInt64, _ size: UInt64) -> MemoryRange? {
            map.obstacle(in: range(base, size), type: MemoryType.ram)
        }
        #expect(obstacle(0x1000, 0x9_F000) == nil)
        #expect(obstacle(0x1000, 0x9_F001) == SampleTable.ranges[2])
        #expect(obstacle(0, 1) == SampleTable.ranges[0])
        #expect(
            obstacle(0x8000_0000, 1) == MemoryRange(base: 0x8000_0000, size: 0, type: MemoryType.reserved))
    }

    @Test func highestPlace_isAWholePageInsideRAMAndBounds() throws {
        let map = try sample()
        #expect(map.highestPlace(for: 1, in: 0..<(1 << 32)) == 0x7BEF_F000)
        #expect(map.highestPlace(for: 0x1001, in: 0..<0x3800_0000) == 0x37FF_E000)
        #expect(map.highestPlace(for: 0x1000, in: 0..<0x3800_0001) == 0x3800_0000 - 0x1000)
        #expect(map.highestPlace(for: 0x9_F000, in: 0..<0xA_0000) == 0x1000)
        #expect(map.highestPlace(for: 0x9_F001, in: 0..<0xA_0000) == nil)
        // Enough bytes, but not from a whole page on.
        #expect(map.highestPlace(for: 0x1000, in: 0x5_0010..<0x5_1020) == nil)
        #expect(map.highestPlace(for: 1, in: 0x7C00_0000..<0x8000_0000) == nil)
        #expect(map.highestPlace(for: UInt64.max, in: 0..<(1 << 32)) == nil)
    }

    @Test func reserveSplitsRAMAndKeepsTheRest() throws {
        var map = try sample()
        try map.reserve(base: 0x3_0000, size: 0x2_0000)
        #expect(map.count == SampleTable.ranges.count + 2)
        #expect(map[1] == range(0x1000, 0x2_F000))
        #expect(map[2] == MemoryRange(base: 0x3_0000, size: 0x2_0000, type: MemoryType.reserved))
        #expect(map[3] == range(0x5_0000, 0x5_0000))
    }

    @Test func reserveDoesNotTouchWhatIsNoRAM() throws {
        var map = try sample()
        try map.reserve(base: 0x7BE0_0000, size: 0x1000_0000)
        #expect(map.covers(range(0x7BF0_0000, 0x10_0000), type: MemoryType.tables))
        #expect(map.covers(range(0x7BE0_0000, 0x10_0000), type: MemoryType.reserved))
    }

    @Test func findsTheHighestRAMThatIsLargeEnough() throws {
        let map = try sample()
        #expect(map.highestRAM(below: 0x7C00_0000, size: 1 << 20)?.base == 0x10_0000)
        #expect(map.highestRAM(below: 0x10_0000, size: 1 << 16)?.base == 0x1000)
        #expect(map.highestRAM(below: 0x7C00_0000, size: 1 << 32) == nil)
    }

    @Test func reject_mapWithoutEnd() throws {
        var map = MemoryMap()
        for index in 0..<UInt64(MemoryMap.capacity) { try map.append(range(index << 20, 1 << 20)) }
        #expect(throws: ErrorCode.bootNoCorebootTable) { try map.append(range(0, 1)) }
        #expect(throws: ErrorCode.bootNoCorebootTable) { try map.reserve(base: 0x1000, size: 0x1000) }
    }
}

import CorebootFormats
import SICEABI
import Testing

/// Memory that SMRAM takes away, and what pointed into it.
struct MovedTablesTests {
    private let gone = MemoryRange(base: 0x7C00_0000, size: 0x400_0000, type: MemoryType.reserved)

    private func map() throws -> MemoryMap {
        var map = MemoryMap()
        try map.append(MemoryRange(base: 0x10_0000, size: 0x7FD0_0000, type: MemoryType.ram))
        try map.append(MemoryRange(base: 0x7FE0_0000, size: 0x20_0000, type: MemoryType.tables))
        try map.append(MemoryRange(base: 0xB000_0000, size: 0x1000_0000, type: MemoryType.reserved))
        return map
    }

    @Test func removeTakesTablesAndRAMAlike() throws {
        var map = try map()
        try map.remove(gone)
        #expect(map.covers(gone, type: MemoryType.reserved))
        #expect(map.topOfRAM(below: 1 << 32) == gone.base)
        let rest = MemoryRange(base: 0x10_0000, size: gone.base - 0x10_0000, type: MemoryType.ram)
        #expect(map.covers(rest, type: MemoryType.ram))
    }

    @Test func retypeKeepsBothEnds() throws {
        var map = try map()
        let part = MemoryRange(base: 0x20_0000, size: 0x1000, type: MemoryType.tables)
        try map.retype(part)
        #expect(map.covers(part, type: MemoryType.tables))
        #expect(map.covers(MemoryRange(base: 0x1F_F000, size: 0x1000, type: 0), type: MemoryType.ram))
        #expect(map.covers(MemoryRange(base: 0x20_1000, size: 0x1000, type: 0), type: MemoryType.ram))
    }

    @Test func addressesFollowTheirArea() throws {
        var moved = MovedAreas(gone: gone)
        try moved.append(MemoryRange(base: 0x7FF0_0000, size: 0x1000, type: MemoryType.tables), copy: 0x5000)
        #expect(moved.address(0x7FF0_0010) == 0x5010)
        #expect(moved.address(0x7FF0_1000) == nil)
        #expect(moved.address(0x7BFF_FFFF) == 0x7BFF_FFFF)
        #expect(moved.address(0x8000_0000) == 0x8000_0000)
    }

    @Test func reject_moreAreasThanThereIsRoomFor() throws {
        var moved = MovedAreas(gone: gone)
        let area = MemoryRange(base: gone.base, size: 64, type: MemoryType.tables)
        for _ in 0..<MovedAreas.capacity { try moved.append(area, copy: 0x5000) }
        #expect(throws: ErrorCode.bootNoMemory) { try moved.append(area, copy: 0x5000) }
    }

    @Test(arguments: [("64", 64), ("64\n", 64), ("999999", 999_999), ("0", 0)])
    func readOptionNumber(_ text: String, _ value: UInt64) {
        #expect(OptionText.number(Array(text.utf8).span) == value)
    }

    @Test func readOptionNumberOfCBFSTool() {
        #expect(OptionText.number([0, 1, 0, 0, 0, 0, 0, 0].span) == 256)
    }

    @Test(arguments: ["", "\n", "64 ", "-1", "6x", "1234567", "64\n\n", "0x40"])
    func reject_optionThatIsNoNumber(_ text: String) {
        #expect(OptionText.number(Array(text.utf8).span) == nil)
    }
}

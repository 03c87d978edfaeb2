import CorebootFormats
import SICEABI
import Testing

@Suite struct SELFPayloadTests {
    private static let code: UInt32 = 0x434F_4445
    private static let data: UInt32 = 0x4441_5441
    private static let bss: UInt32 = 0x4253_5320
    private static let entry: UInt32 = 0x454E_5452

    private let smram = MemoryRange(base: 0x7C00_0000, size: 0x400_0000, type: MemoryType.reserved)
    private let hidden = MemoryRange(base: 0x3_0000, size: 0x2_0000, type: MemoryType.reserved)
    private let firmware = MemoryRange(base: 0x300_0000, size: 0x200_0000, type: MemoryType.ram)

    private func segment(
        _ type: UInt32, compression: UInt32 = 0, offset: UInt32 = 0, at address: UInt64 = 0, size: UInt32 = 0,
        memory: UInt32 = 0
    ) -> [UInt8] {
        word(type) + word(compression) + word(offset) + word(address) + word(size) + word(memory)
    }

    /// A payload like GRUB's: code in low memory, modules at 1 MiB, zeroed memory between.
    private func sample(
        at address: UInt64 = 0x9000, size: UInt32 = 64, memory: UInt32 = 128, compression: UInt32 = 0,
        type: UInt32 = code, entry: UInt64? = nil
    ) -> [UInt8] {
        let table =
            segment(type, compression: compression, offset: 112, at: address, size: size, memory: memory)
            + segment(Self.data, offset: 176, at: 0x10_0000, size: 64, memory: 64)
            + segment(Self.bss, at: 0x20_0000, memory: 0x1000)
            + segment(Self.entry, at: entry ?? address)
        return table + [UInt8](repeating: 0xAB, count: 128)
    }

    private func validate(
        _ file: [UInt8], pageTables: MemoryRange? = nil, vacated: MemoryRange? = nil
    ) throws {
        var map = MemoryMap()
        for range in SampleTable.ranges { try map.append(range) }
        if let pageTables { try map.reserve(base: pageTables.base, size: pageTables.size) }
        let occupied = OccupiedMemory(
            firmware: firmware, smram: smram, hidden: hidden, vacated: vacated ?? OccupiedMemory.nothing)
        try SELFPayload(file.span).validate(memory: map, occupied: occupied)
    }

    /// What a payload's first conflict says: its code, the segment, what it meets.
    private func conflict(_ file: [UInt8]) throws -> SegmentConflict? {
        var map = MemoryMap()
        for range in SampleTable.ranges { try map.append(range) }
        let occupied = OccupiedMemory(firmware: firmware, smram: smram, hidden: hidden)
        return try SELFPayload(file.span).conflict(memory: map, occupied: occupied)
    }

    @Test func acceptsUncompressedSegments() throws {
        let file = sample()
        let payload = try SELFPayload(file.span)
        #expect(payload.count == 3)
        #expect(payload.entry == 0x9000)
        #expect(payload[0].fileOffset == 112)
        #expect(payload[0].fileSize == 64)
        #expect(payload[0].memorySize == 128)
        #expect(payload[2].fileSize == 0)
        try validate(file)
    }

    @Test func reject_everyTruncation() {
        let file = sample()
        for count in 0..<file.count {
            #expect(throws: ErrorCode.bootBadPayload) { try SELFPayload(file.span.extracting(0..<count)) }
        }
    }

    @Test func acceptsLZMASegments() throws {
        let file = sample(compression: 1)
        let payload = try SELFPayload(file.span)
        #expect(payload[0].isCompressed)
        try validate(file)
        // Compressed content may be larger than what it expands to.
        try validate(sample(size: 64, memory: 63, compression: 1))
    }

    @Test func reject_unknownCompression() {
        #expect(throws: ErrorCode.bootPayloadCompressed) { try validate(sample(compression: 2)) }
    }

    @Test func reject_unknownSegment() {
        #expect(throws: ErrorCode.bootBadPayload) { try validate(sample(type: 0x5041_5241)) }
    }

    @Test func reject_contentLargerThanItsMemory() {
        #expect(throws: ErrorCode.bootBadPayload) { try validate(sample(size: 64, memory: 63)) }
    }

    @Test func reject_tooManySegments() {
        let one = segment(Self.bss, at: 0x20_0000, memory: 16)
        let file = (0...SELFPayload.maximumSegments).flatMap { _ in one } + segment(Self.entry)
        #expect(throws: ErrorCode.bootBadPayload) { try SELFPayload(file.span) }
    }

    @Test(arguments: [0x9000 + 64, 0x8FFF, 0x20_0000, 0] as [UInt64])
    func reject_entryOutsideContent(entry: UInt64) {
        #expect(throws: ErrorCode.bootBadPayload) { try validate(sample(entry: entry)) }
    }

    @Test(arguments: [0x7C00_0000, 0x7FFF_FFFF, 0x7BFF_FFFF] as [UInt64])
    func reject_segmentOverSMRAM(address: UInt64) {
        #expect(throws: ErrorCode.bootPayloadInSMRAM) { try validate(sample(at: address)) }
    }

    @Test(arguments: [0x300_0000, 0x2FF_FFFF, 0x4FF_FFFF] as [UInt64])
    func reject_segmentOverTheLoader(address: UInt64) {
        #expect(throws: ErrorCode.bootPayloadOverlapsFirmware) { try validate(sample(at: address)) }
    }

    @Test(arguments: [0x10_0000, 0xF_FFFF, 0x20_0FFF] as [UInt64])
    func reject_segmentOverAnother(address: UInt64) {
        // 0xF_FFFF starts in reserved memory, which is refused first.
        let expected: ErrorCode = address == 0xF_FFFF ? .bootPayloadOutsideRAM : .bootPayloadOverlapsFirmware
        #expect(throws: expected) { try validate(sample(at: address)) }
    }

    @Test(arguments: [0, 0xA_0000, 0x7BF0_0000, 0xFFFF_FFF0, 1 << 32, UInt64.max] as [UInt64])
    func reject_segmentOutsideRAM(address: UInt64) {
        #expect(throws: ErrorCode.bootPayloadOutsideRAM) { try validate(sample(at: address)) }
    }

    /// Memory that firmware reserved for itself is refused unless it was vacated, all of it.
    @Test func reject_reservedMemoryThatIsNotVacated() throws {
        let tables = MemoryRange(base: 0x8000, size: 0x6000, type: MemoryType.reserved)
        let vacated = MemoryRange(base: 0x1000, size: 0x2_F000, type: MemoryType.reserved)
        try validate(sample(), pageTables: tables, vacated: vacated)
        #expect(throws: ErrorCode.bootPayloadOutsideRAM) { try validate(sample(), pageTables: tables) }
        #expect(throws: ErrorCode.bootPayloadOutsideRAM) {
            try validate(sample(at: 0xA_0000), vacated: vacated)
        }
    }

    /// Also where the memory map calls it RAM, and where it reserves it.
    @Test(arguments: [0x2_FFFF, 0x3_0000, 0x4_FFFF] as [UInt64])
    func reject_segmentInHiddenMemory(address: UInt64) throws {
        for reserved in [nil, hidden] {
            #expect(throws: ErrorCode.bootPayloadInHiddenMemory) {
                try validate(
                    sample(at: address), pageTables: reserved,
                    vacated: MemoryRange(base: 0x1000, size: 0x2_F000, type: MemoryType.reserved))
            }
        }
        try validate(sample(at: 0x5_0000))
        try validate(sample(at: 0x2_FF80))
    }

    @Test func conflict_namesSegmentAndWhatItMeets() throws {
        func range(_ base: UInt64, _ size: UInt64, _ type: UInt32 = MemoryType.ram) -> MemoryRange {
            MemoryRange(base: base, size: size, type: type)
        }
        let cases: [(UInt64, ErrorCode, MemoryRange)] = [
            (0x3_0000, .bootPayloadInHiddenMemory, hidden), (0x7C00_0000, .bootPayloadInSMRAM, smram),
            (0x4FF_FFFF, .bootPayloadOverlapsFirmware, firmware),
            (0x9_FFC0, .bootPayloadOutsideRAM, range(0xA_0000, 0x6_0000, MemoryType.reserved)),
            (0x7BF0_0000, .bootPayloadOutsideRAM, range(0x7BF0_0000, 0x10_0000, MemoryType.tables)),
            (0x8000_0000, .bootPayloadOutsideRAM, range(0x8000_0000, 0, MemoryType.reserved)),
            (1 << 40, .bootPayloadOutsideRAM, range(1 << 40, 0, MemoryType.reserved)),
        ]
        for (address, code, obstacle) in cases {
            let expected = SegmentConflict(code: code, segment: range(address, 128), obstacle: obstacle)
            #expect(try conflict(sample(at: address)) == expected)
        }
        let other = SegmentConflict(
            code: .bootPayloadOverlapsFirmware, segment: range(0x10_0000, 64),
            obstacle: range(0xF_FFC0 + 64, 128))
        #expect(try conflict(sample(at: 0x10_0000)) == other)
        #expect(try conflict(sample()) == nil)
    }

    @Test func payloadThatIsPutTogether_hasAsManySegmentsAsOneThatIsRead() throws {
        var payload = SELFPayload(entry: 0x10_0000)
        let segment = SELFSegment(zeros: MemoryRange(base: 0x20_0000, size: 16, type: MemoryType.ram))
        for _ in 0..<SELFPayload.maximumSegments { try payload.append(segment) }
        #expect(payload.count == 16 && payload[15] == segment && payload.entry == 0x10_0000)
        #expect(throws: ErrorCode.bootBadPayload) { try payload.append(segment) }
    }

    @Test func randomTablesNeverTrap() {
        for _ in 0..<3000 {
            var file = sample()
            for _ in 0..<3 { file[Int.random(in: 0..<112)] = UInt8.random(in: 0...255) }
            do { try validate(file) } catch { #expect(error is ErrorCode) }
        }
    }
}

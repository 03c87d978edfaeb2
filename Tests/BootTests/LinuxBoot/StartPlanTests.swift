import CorebootFormats
import LinuxBoot
import SICEABI
import Testing

@Suite struct StartPlanTests {
    private static let hidden = MemoryRange(base: 0x3_0000, size: 0x2_0000, type: MemoryType.reserved)
    private let firmware = MemoryRange(base: 0x300_0000, size: 0x200_0000, type: MemoryType.ram)
    private var occupied: OccupiedMemory { OccupiedMemory(firmware: firmware, hidden: Self.hidden) }

    /// RAM to an end, with what is hidden reserved, and reserved memory above.
    private func machine(_ end: UInt64 = 0x7B60_0000) throws -> MemoryMap {
        var map = MemoryMap()
        for (base, end, type) in [
            (0, 0x1000, MemoryType.tables), (0x1000, 0xA_0000, MemoryType.ram),
            (0xA_0000, 0x10_0000, MemoryType.reserved), (0x10_0000, end, MemoryType.ram),
            (end, 0x8000_0000, MemoryType.reserved),
        ] as [(UInt64, UInt64, UInt32)] {
            try map.append(MemoryRange(base: base, size: end - base, type: type))
        }
        try map.reserve(base: Self.hidden.base, size: Self.hidden.size)
        return map
    }

    private func plan(_ sample: SampleLinuxPayload, on map: MemoryMap? = nil) throws -> StartPlan {
        var parameters = [UInt8](repeating: 0xEE, count: LinuxPayload.parametersLimit)
        var span = parameters.mutableSpan
        return try StartPlan(
            sample.bytes.span, memory: map ?? machine(), firmware: firmware, parameters: &span)
    }

    /// The boot parameters that the kernel gets.
    private func page(_ sample: SampleLinuxPayload, screen: CorebootFramebuffer? = nil) throws -> [UInt8] {
        let map = try machine()
        var parameters = [UInt8](repeating: 0xEE, count: LinuxPayload.parametersLimit)
        var span = parameters.mutableSpan
        let plan = try StartPlan(sample.bytes.span, memory: map, firmware: firmware, parameters: &span)
        var page = [UInt8](repeating: 0, count: 4096)
        var output = page.mutableSpan
        try #require(plan.linux).storeParameters(
            span.span, memory: map, rootPointer: 0x7B70_1234, framebuffer: screen, into: &output)
        return page
    }

    private func word(_ page: [UInt8], _ offset: Int, _ size: Int = 4) -> UInt64 {
        (0..<size).reduce(0) { $0 | UInt64(page[offset + $1]) << UInt64(8 * $1) }
    }

    @Test func kernel_isEnteredWithItsRAMDiskMovedAndWithoutTheFirstProgram() throws {
        let plan = try plan(SampleLinuxPayload())
        #expect(plan.linux != nil && plan.payload.entry == 0x100_0000)
        let ranges = (0..<plan.payload.count).map { plan.payload[$0].memory }
        #expect(ranges.map(\.base) == [0x9_0000, 0x100_0000, 0x9_1000, 0x37FF_F000])
        #expect(ranges.map(\.size) == [4096, 512, 14, 25])
        #expect(plan.payload[0].fileSize == 0 && plan.payload[3].fileSize == 25)
        #expect(try plan.conflict(memory: machine(), occupied: occupied) == nil)
        try plan.validate(memory: machine(), occupied: occupied)
    }

    @Test func kernel_withoutRAMDiskOrCommandLine() throws {
        var sample = SampleLinuxPayload()
        sample.segments.removeLast(2)
        sample.segments[0].content = SampleLinuxPayload.parameters(initrd: 0, initrdSize: 0)
        let plan = try plan(sample)
        try plan.validate(memory: machine(), occupied: occupied)
        #expect(plan.payload.count == 2)
        #expect(try word(page(sample), 0x218) == 0)
    }

    @Test func parameters_areThePayloadsWithWhatTheMachineAdds() throws {
        let page = try page(SampleLinuxPayload())
        let original = SampleLinuxPayload.parameters()
        #expect(word(page, 0x218) == 0x37FF_F000 && word(page, 0x70, 8) == 0x7B70_1234)
        #expect(page[0x1E8] == 7)
        let ranges = (0..<7).map { index in
            [(0, 8), (8, 8), (16, 4)].map { word(page, 0x2D0 + index * 20 + $0, $1) }
        }
        #expect(
            ranges == [
                [0, 0x1000, 2], [0x1000, 0x2_F000, 1], [0x3_0000, 0x2_0000, 2], [0x5_0000, 0x5_0000, 1],
                [0xA_0000, 0x6_0000, 2], [0x10_0000, 0x7B50_0000, 1], [0x7B60_0000, 0x4A0_0000, 2],
            ])
        let written = Set(0x70..<0x78).union([0x1E8]).union(0x218..<0x21C).union(0x2D0..<(0x2D0 + 140))
        for offset in 0..<4096 where !written.contains(offset) {
            #expect(page[offset] == original[offset], "offset \(offset)")
        }
    }

    @Test func screen_isPassedOn() throws {
        let record: [UInt8] =
            [0x12, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0xC0, 1, 0, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 16, 0, 0]
            + [32, 16, 8, 8, 7, 0, 6, 24, 5, 0, 0, 0]
        let page = try page(SampleLinuxPayload(), screen: CorebootFramebuffer(record.span))
        #expect(page[0x0F] == 0x70)
        #expect(word(page, 0x12, 2) == 1024 && word(page, 0x14, 2) == 768 && word(page, 0x16, 2) == 32)
        #expect(word(page, 0x18) == 0xC000_0000 && word(page, 0x3A) == 1 && word(page, 0x36) == 2)
        #expect(word(page, 0x1C) == 4096 * 768 && word(page, 0x24, 2) == 4096)
        #expect(Array(page[0x26..<0x2E]) == [8, 16, 7, 8, 6, 0, 5, 24])
    }

    /// What looks like a kernel at first and is not: it is started as it is, where it says, or refused there.
    @Test func otherProgram_isLeftAsItIs() throws {
        var samples: [SampleLinuxPayload] = []
        for parameters in [
            SampleLinuxPayload.parameters(kernel: 0x200_0000), SampleLinuxPayload.parameters(loader: 0),
            SampleLinuxPayload.parameters(initrd: 0x500_0000),
            SampleLinuxPayload.parameters(initrd: 0x9_1000, initrdSize: 4),
            SampleLinuxPayload.parameters(kernel: 0x9_1000), SampleLinuxPayload.parameters(initrdSize: 26),
        ] {
            samples.append(SampleLinuxPayload())
            samples[samples.count - 1].segments[0].content = parameters
        }
        for size in [0x263, 0x2001] {
            samples.append(SampleLinuxPayload())
            samples[samples.count - 1].segments[0].content = Array(
                (SampleLinuxPayload.parameters() + [UInt8](repeating: 0, count: 4096)).prefix(size))
        }
        for (index, sample) in samples.enumerated() {
            let plan = try plan(sample)
            #expect(
                plan.linux == nil && plan.payload.count == 5 && plan.payload.entry == 0x4_0000, "\(index)")
            #expect(plan.payload[2].loadAddress == 0x4_0000 && plan.payload[4].loadAddress == 0x400_0000)
        }
        var elsewhere = SampleLinuxPayload()
        elsewhere.entry = 0x4_0001
        #expect(try plan(elsewhere).linux == nil)
        let hidden = try plan(samples[1]).conflict(memory: machine(), occupied: occupied)
        // Its parameters reach into its command line as well, but that comes later.
        #expect(hidden?.code == .bootPayloadInHiddenMemory && hidden?.segment.base == 0x4_0000)
    }

    /// Above the loader and the kernel, below 896 MiB, with the last byte that fits.
    @Test func initrd_hasRoomOrIsRefused() throws {
        var sample = SampleLinuxPayload()
        func place(_ size: Int, _ end: UInt64) throws -> UInt64 {
            sample.segments[4].memory = UInt32(size)
            let map = try machine(end)
            let plan = try plan(sample, on: map)
            try plan.validate(memory: map, occupied: occupied)
            return plan.payload[3].loadAddress
        }
        #expect(try place(0x100_0000, 0x600_0000) == 0x500_0000)
        #expect(throws: ErrorCode.bootNoRoomForInitrd) { try place(0x100_0001, 0x600_0000) }
        #expect(try place(0x3300_0000, 0x7B60_0000) == 0x500_0000)
        #expect(throws: ErrorCode.bootNoRoomForInitrd) { try place(0x3300_0001, 0x7B60_0000) }
        // A kernel that works up to 112 MiB.
        sample.segments[0].content = SampleLinuxPayload.parameters(initialSize: 0x600_0000)
        #expect(try place(0x10_0000, 0x710_0000) == 0x700_0000)
        #expect(throws: ErrorCode.bootNoRoomForInitrd) { try place(0x10_0001, 0x710_0000) }
        sample.segments[0].content = SampleLinuxPayload.parameters(initialSize: UInt32.max)
        #expect(throws: ErrorCode.bootNoRoomForInitrd) { try place(0x1000, 0x7B60_0000) }
    }

    /// What the kernel uses before it looks at a map is RAM, though more of it than the segment says.
    @Test func kernelThatNeedsMoreThanThereIs_isRefused() throws {
        var sample = SampleLinuxPayload()
        sample.segments.removeLast()
        sample.segments[0].content = SampleLinuxPayload.parameters(
            initialSize: 0x500_0000, initrd: 0, initrdSize: 0)
        let (fits, short) = (try machine(0x600_0000), try machine(0x5FF_F000))
        try plan(sample, on: fits).validate(memory: fits, occupied: occupied)
        #expect(throws: ErrorCode.bootPayloadOutsideRAM) {
            try plan(sample, on: short).validate(memory: short, occupied: occupied)
        }
        #expect(
            try plan(sample, on: short).conflict(memory: short, occupied: occupied)?.segment
                == MemoryRange(base: 0x100_0000, size: 0x500_0000, type: MemoryType.ram))
    }

    /// Segments that meet each other or the loader are refused as those of any program.
    @Test func overlappingParts_areRefused() throws {
        for (index, address, code) in [
            (3, 0x9_0FFF, .bootPayloadOverlapsFirmware), (3, 0x3_0000, .bootPayloadInHiddenMemory),
            (3, 0x100_01FF, .bootPayloadOverlapsFirmware), (3, 0xB_0000, .bootPayloadOutsideRAM),
            (3, 0x9_0000, .bootPayloadOverlapsFirmware),
        ] as [(Int, UInt64, ErrorCode)] {
            var sample = SampleLinuxPayload()
            sample.segments[index].address = address
            #expect(throws: code, "\(index)") {
                try plan(sample).validate(memory: machine(), occupied: occupied)
            }
        }
        var kernel = SampleLinuxPayload()
        kernel.segments[1].address = 0x300_0000
        kernel.segments[0].content = SampleLinuxPayload.parameters(kernel: 0x300_0000)
        #expect(throws: ErrorCode.bootPayloadOverlapsFirmware) {
            try plan(kernel).validate(memory: machine(), occupied: occupied)
        }
    }

    @Test func compressedParameters_thatDoNotExpand() throws {
        var sample = SampleLinuxPayload()
        sample.segments[0].compression = 1
        sample.segments[0].memory = 0x1080
        for content in [[], [UInt8](repeating: 0xFF, count: 64), [UInt8](repeating: 0, count: 12)] {
            sample.segments[0].content = content
            #expect(throws: ErrorCode.bootPayloadDamaged) { try plan(sample) }
        }
    }

    @Test func randomTablesNeverTrap() throws {
        let map = try machine()
        for _ in 0..<2000 {
            var file = SampleLinuxPayload().bytes
            for _ in 0..<3 { file[Int.random(in: 0..<(168 + 0x300))] = UInt8.random(in: 0...255) }
            var parameters = [UInt8](repeating: 0, count: LinuxPayload.parametersLimit)
            var span = parameters.mutableSpan
            do throws(ErrorCode) {
                let plan = try StartPlan(file.span, memory: map, firmware: firmware, parameters: &span)
                try plan.validate(memory: map, occupied: occupied)
            } catch { #expect((600..<700).contains(error.rawValue)) }
        }
    }
}

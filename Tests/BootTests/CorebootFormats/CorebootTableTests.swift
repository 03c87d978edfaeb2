import ByteIO
import CorebootFormats
import SICEABI
import Testing

@Suite struct CorebootTableTests {
    @Test func readsEveryRecordThatThePayloadNeeds() throws {
        let bytes = SampleTable.bytes()
        let table = try CorebootTable(bytes.span)
        #expect((0..<table.memory.count).map { table.memory[$0] } == SampleTable.ranges)
        #expect(table.rsdp == 0xF_0000)
        #expect(table.eventLog == MemoryRange(base: 0x7BF1_0000, size: 0x8000, type: MemoryType.tables))
        #expect(table.bootMedia?.fileSystemOffset == 0x1000)
        #expect(table.forward == nil)
        #expect(table.isStandIn)
    }

    @Test(arguments: [
        ("SICE", "stand-in ROM2"), ("SICE2", "stand-in ROM"), ("Emulation", "QEMU x86 q35/ich9"),
    ])
    func otherBoardsAreNotTheStandIn(vendor: String, part: String) throws {
        let bytes = SampleTable.bytes(vendor: vendor, part: part)
        #expect(try !CorebootTable(bytes.span).isStandIn)
    }

    /// As coreboot's frame buffer driver for QEMU fills it: 1024 x 768, 32 bits.
    @Test func readsTheFramebuffer() throws {
        let record: [UInt8] =
            [0x12, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0xC0, 1, 0, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 16, 0, 0]
            + [32, 16, 8, 8, 7, 0, 6, 24, 5, 0, 0, 0]
        var bytes = Array(SampleTable.bytes().prefix(CorebootTable.headerSize)) + record
        bytes[12..<16] = [40, 0, 0, 0]
        SampleTable.seal(&bytes)
        let table = try CorebootTable(bytes.span)
        #expect(table.framebuffer == CorebootFramebuffer(record.span) && table.framebuffer != nil)
        #expect(table.framebuffer?.address == 0x1_C000_0000)
        #expect(table.framebuffer?.width == 1024 && table.framebuffer?.height == 768)
        #expect(table.framebuffer?.bytesPerLine == 4096 && table.framebuffer?.bitsPerPixel == 32)
        for (index, color) in [(16, 8), (8, 7), (0, 6), (24, 5)].enumerated() {
            #expect(table.framebuffer?.colors[index].position == UInt8(color.0))
            #expect(table.framebuffer?.colors[index].size == UInt8(color.1))
        }
        for size in 8..<37 {
            #expect(CorebootFramebuffer(record.span.extracting(..<size)) == nil)
        }
        let other = SampleTable.bytes()
        #expect(try CorebootTable(other.span).framebuffer == nil)
    }

    private let nothingMoved = MovedAreas(gone: MemoryRange(base: 0, size: 0, type: MemoryType.reserved))

    @Test func rewriteFollowsWhatMoved() throws {
        let bytes = SampleTable.bytes()
        let old = try CorebootTable(bytes.span)
        let log = try #require(old.eventLog)
        var moved = MovedAreas(gone: MemoryRange(base: 0x7BF0_0000, size: 0x10_0000, type: MemoryType.tables))
        try moved.append(log, copy: 0x7000_0000)
        moved.rootPointer = 0x7010_0000
        var output = [UInt8](repeating: 0, count: 8192)
        let size = try CorebootTable.rewrite(
            bytes.span, memory: old.memory, moved: moved, into: output.mutableSpan)
        let new = try CorebootTable(output.span.extracting(0..<size))
        #expect(new.eventLog == MemoryRange(base: 0x7000_0000, size: log.size, type: MemoryType.tables))
        #expect(new.rsdp == 0x7010_0000)
        #expect(new.bootMedia == old.bootMedia)
        // The other CBMEM entry has no copy: its record of 24 bytes is gone.
        #expect(size == bytes.count - 24)
    }

    @Test func rewriteReplacesOnlyTheMemoryMap() throws {
        let bytes = SampleTable.bytes()
        let old = try CorebootTable(bytes.span)
        var memory = old.memory
        try memory.reserve(base: 0x7B60_0000, size: 0x90_0000)
        var output = [UInt8](repeating: 0, count: 8192)
        let size = try CorebootTable.rewrite(
            bytes.span, memory: memory, moved: nothingMoved, into: output.mutableSpan)
        let new = try CorebootTable(output.span.extracting(0..<size))
        #expect(new.memory.count == SampleTable.ranges.count + 1)
        #expect(
            new.memory.covers(
                MemoryRange(base: 0x7B60_0000, size: 0x90_0000, type: 0), type: MemoryType.reserved))
        #expect(new.rsdp == old.rsdp)
        #expect(new.bootMedia == old.bootMedia)
        #expect(new.eventLog == old.eventLog)
        #expect(new.isStandIn)
    }

    @Test func reject_rewriteWithoutRoom() throws {
        let bytes = SampleTable.bytes()
        let memory = try CorebootTable(bytes.span).memory
        var output = [UInt8](repeating: 0, count: bytes.count - 1)
        #expect(throws: ErrorCode.bootNoMemory) {
            try CorebootTable.rewrite(
                bytes.span, memory: memory, moved: nothingMoved, into: output.mutableSpan)
        }
    }

    @Test func forwardLeadsToItsAddress() throws {
        var output = [UInt8](repeating: 0, count: 64)
        let size = try CorebootTable.writeForward(to: 0x7BE1_0000, into: output.mutableSpan)
        #expect(try CorebootTable(output.span.extracting(0..<size)).forward == 0x7BE1_0000)
    }

    @Test func reject_everyTruncation() {
        let bytes = SampleTable.bytes()
        for count in 0..<bytes.count {
            #expect(throws: ErrorCode.bootNoCorebootTable) {
                try CorebootTable(bytes.span.extracting(0..<count))
            }
        }
    }

    /// The Internet checksum sees every single changed bit.
    @Test func reject_everyFlippedBit() {
        let bytes = SampleTable.bytes()
        for bit in 0..<(bytes.count * 8) where !(20 * 8..<24 * 8).contains(bit) {
            var broken = bytes
            broken[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: ErrorCode.bootNoCorebootTable) { try CorebootTable(broken.span) }
        }
    }

    @Test(arguments: [0, 4, 7, 0x1_0000, 0xFFFF_FFFF] as [UInt32])
    func reject_recordSize(size: UInt32) {
        var bytes = SampleTable.bytes()
        var output = bytes.mutableSpan
        output.storeLittleEndian(size, at: 28)
        SampleTable.seal(&bytes)
        #expect(throws: ErrorCode.bootNoCorebootTable) { try CorebootTable(bytes.span) }
    }

    /// Broken tables with right checksums: nothing may trap.
    @Test func randomRecordsNeverTrap() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = SampleTable.bytes()
            for _ in 0..<4 {
                bytes[Int.random(in: 24..<bytes.count, using: &random)] = UInt8.random(in: 0...255)
            }
            SampleTable.seal(&bytes)
            do {
                let table = try CorebootTable(bytes.span)
                _ = table.memory.topOfRAM(below: 1 << 32)
            } catch {
                #expect(error == .bootNoCorebootTable)
            }
        }
    }
}

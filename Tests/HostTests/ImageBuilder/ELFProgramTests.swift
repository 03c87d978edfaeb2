import Diagnostics
import ImageBuilder
import SICEABI
import Testing

@Suite struct ELFProgramTests {
    private func code(_ fixture: ELFFixture) -> ErrorCode? {
        do throws(ToolError) {
            let manifest = try ManifestTests.manifest(ManifestTests.example)
            _ = try ImagePlan(ELFProgram(fixture.bytes), manifest).imageFile()
            return nil
        } catch { return error.code }
    }

    @Test func accept_threeSegments() throws {
        let program = try ELFProgram(ELFFixture().bytes)
        #expect(program.entry == 0x200000)
        #expect(program.segments.map(\.address) == [0x200000, 0x201000, 0x202000])
        #expect(program.segments[2].content == [4, 5])
        #expect(code(ELFFixture()) == nil)
    }

    @Test func reject_otherFile() {
        var fixture = ELFFixture()
        fixture.magic = Array("#!/b".utf8)
        #expect(code(fixture) == .notAnELF)
    }

    @Test func reject_everyTruncation() {
        let bytes = ELFFixture().bytes
        for count in 0..<bytes.count {
            let error = #expect(throws: ToolError.self) { try ELFProgram(Array(bytes[..<count])) }
            #expect(error?.code == .elfTruncated, "\(count) bytes")
        }
    }

    @Test func reject_otherMachine() {
        var (arm, narrow, big, shared) = (ELFFixture(), ELFFixture(), ELFFixture(), ELFFixture())
        arm.machine = 183
        narrow.fileClass = 1
        big.byteOrder = 2
        shared.type = 3
        #expect([arm, narrow, big, shared].map(code) == Array(repeating: .elfWrongMachine, count: 4))
    }

    @Test(arguments: [2, 3] as [UInt32]) func reject_dynamicProgram(_ type: UInt32) {
        var fixture = ELFFixture()
        fixture.segments.append(.init(type: type, flags: 4, address: 0x300000, content: [0], memorySize: 1))
        #expect(code(fixture) == .elfWrongMachine)
    }

    @Test func reject_noSegments() {
        var (none, empty) = (ELFFixture(), ELFFixture())
        none.segments = []
        empty.segments = [.init(flags: 5, address: 0x200000, content: [], memorySize: 0)]
        #expect(code(none) == .elfNoSegments)
        #expect(code(empty) == .elfNoSegments)
    }

    @Test func reject_overlappingSegments() {
        var (same, page) = (ELFFixture(), ELFFixture())
        same.segments[1].address = 0x200000
        page.segments[1].address = 0x200800  // another part of the same page
        #expect(code(same) == .elfOverlappingSegments)
        #expect(code(page) == .elfOverlappingSegments)
    }

    @Test func reject_writableAndExecutableSegment() {
        var fixture = ELFFixture()
        fixture.segments[0].flags = 7
        #expect(code(fixture) == .elfWritableAndExecutable)
    }

    @Test(arguments: [0, 0x1000, 0x1FF000, 1 << 39, 0xFFFF_FFFF_FFFF_F000] as [UInt64])
    func reject_segmentOutOfRange(_ address: UInt64) {
        var fixture = ELFFixture()
        fixture.segments[1].address = address
        #expect(code(fixture) == .elfSegmentOutOfRange)
    }

    @Test func reject_memorySizeThatWraps() {
        var fixture = ELFFixture()
        fixture.segments[2].memorySize = UInt64.max - 0x1000
        #expect(code(fixture) == .elfSegmentOutOfRange)
    }

    /// Also where it takes no memory at all: its bytes were left out of the image without a word.
    @Test(arguments: [0, 1, 2] as [UInt64]) func reject_contentLargerThanMemory(_ size: UInt64) {
        var fixture = ELFFixture()
        fixture.segments[1].memorySize = size
        let error = #expect(throws: ToolError.self) { try ELFProgram(fixture.bytes) }
        #expect(
            error
                == ToolError(
                    .elfInconsistent, "segment at 0x201000: 3 bytes in the file, \(size) in memory"))
    }

    @Test func accept_segmentWithoutContentOrMemory() throws {
        var fixture = ELFFixture()
        fixture.segments[1].content = []
        fixture.segments[1].memorySize = 0
        #expect(try ELFProgram(fixture.bytes).segments.map(\.address) == [0x200000, 0x202000])
    }

    /// Sizes that a reader may take from the header or from the format: they must agree.
    @Test func reject_headersThatContradictTheFormat() {
        for size in [0, 32, 55, 57, 64, 0xFFFF] as [UInt16] {
            var fixture = ELFFixture()
            fixture.programHeaderSize = size
            #expect(code(fixture) == .elfInconsistent, "e_phentsize \(size)")
        }
        var (header, version, inside) = (ELFFixture(), ELFFixture(), ELFFixture())
        header.headerSize = 52
        version.version = 2
        inside.programHeaders = 0
        #expect([header, version, inside].map(code) == Array(repeating: .elfInconsistent, count: 3))
    }

    @Test func reject_programHeadersBehindTheEnd() {
        for offset in [1 << 20, UInt64(Int32.max), UInt64.max] {
            var fixture = ELFFixture()
            fixture.programHeaders = offset
            #expect(code(fixture) == .elfTruncated)
        }
    }

    /// Payloads are 32-bit, or 64-bit files that begin in 32-bit mode; nothing of other machines.
    @Test func payload_isOfThisMachine() throws {
        #expect(try ELFProgram(ELFFixture().bytes, for: .payload).segments.count == 3)
        // One that moves itself names no loader.
        var moving = ELFFixture()
        moving.type = 3
        moving.segments.append(.init(type: 2, flags: 4, address: 0x300000, content: [0], memorySize: 1))
        #expect(try ELFProgram(moving.bytes, for: .payload).segments.count == 3)
        moving.segments[3].type = 3
        #expect(throws: ToolError(.elfWrongMachine, "dynamically linked")) {
            try ELFProgram(moving.bytes, for: .payload)
        }
        var riscV = ELFFixture()
        riscV.machine = 243
        let error = #expect(throws: ToolError.self) { try ELFProgram(riscV.bytes, for: .payload) }
        #expect(error == ToolError(.elfWrongMachine, "it is for RISC-V, 64-bit"))
        var high = ELFFixture()
        high.segments[1].address = 0xFFFF_FFFF
        #expect(throws: ToolError.self) { try ELFProgram(high.bytes, for: .payload) }
    }

    @Test func reject_whatIsNoELF() {
        for text in ["a", "abc", "hello", "#!/bin/sh"] {
            #expect(code(ofFile: Array(text.utf8)) == .notAnELF)
        }
    }

    private func code(ofFile bytes: [UInt8]) -> ErrorCode? {
        do throws(ToolError) {
            _ = try ELFProgram(bytes)
            return nil
        } catch { return error.code }
    }

    @Test func reject_segmentsTooFarApart() {
        var fixture = ELFFixture()
        fixture.segments = (0..<511).map {
            .init(flags: $0 == 0 ? 5 : 6, address: 0x200000 + UInt64($0) << 30, content: [1], memorySize: 1)
        }
        #expect(code(fixture) == .elfSegmentOutOfRange)
    }

    @Test func reject_entryOutsideCode() {
        var fixture = ELFFixture()
        fixture.entry = 0x202000
        #expect(code(fixture) == .imageBadEntry)
    }

    @Test func reject_tooManySegments() {
        var fixture = ELFFixture()
        fixture.segments += (0..<30).map {
            .init(flags: 4, address: 0x300000 + UInt64($0) * 4096, content: [1], memorySize: 1)
        }
        #expect(code(fixture) == .imageTooManyRegions)
    }
}

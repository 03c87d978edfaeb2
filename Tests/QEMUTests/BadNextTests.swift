import Foundation
import SICEABI
import Testing

/// A `sice/next` that must not be started, on both kinds of ROM.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct BadNextTests {
    /// Offsets in the record of a segment, 28 bytes.
    private enum Field {
        static let type = 0
        static let compression = 4
        static let offset = 8
        static let loadAddress = 12
        static let fileSize = 20
        static let memorySize = 24
    }

    /// Where the first segment would be loaded: SMRAM is 0x7C00_0000 to 0x8000_0000, what the payload reserves for
    /// tables and the communication area ends there or 1 MiB below.
    @Test(
        arguments: ROMKind.allCases,
        [
            (0x7C00_0000, .bootPayloadInSMRAM), (0x7FFF_F000, .bootPayloadInSMRAM),
            (0x7BFF_FFFF, .bootPayloadInSMRAM),
            // The payload, from both sides.
            (0x300_0000, .bootPayloadOverlapsFirmware), (0x2FF_FFFF, .bootPayloadOverlapsFirmware),
            (0x4FF_FFFF, .bootPayloadOverlapsFirmware),
            // Tables, coreboot's or ours; and what hides at the default SMBASE, which the probe reaches from 0 on, too.
            (0x7BE0_0000, .bootPayloadOutsideRAM), (0, .bootPayloadInHiddenMemory),
            (0x3_0000, .bootPayloadInHiddenMemory), (0x4_FFFF, .bootPayloadInHiddenMemory),
            // Beyond RAM, beyond 4 GiB, around the end of the address space.
            (0x9000_0000, .bootPayloadOutsideRAM), (0xFFFF_F000, .bootPayloadOutsideRAM),
            (0x1_0000_0000, .bootPayloadOutsideRAM), (UInt64.max, .bootPayloadOutsideRAM),
        ] as [(UInt64, ErrorCode)])
    func reject_segment(_ kind: ROMKind, at place: (address: UInt64, error: ErrorCode)) throws {
        var rom = try ChangedROM(Artefacts.standardOptions + kind.options)
        rom.store(place.address, at: try rom.location("sice/next").lowerBound + Field.loadAddress)
        let probe = try Probe("info", rom: rom.write())
        expectStop(place.error, probe)
        #expect(probe.status == Probe.bootStopped, "\(probe.console)")
        // The segment and what it meets are named.
        let segment = "sice: segment 0x\(String(place.address, radix: 16)) to 0x"
        let lines = probe.console.split(whereSeparator: \.isNewline).filter { $0.hasPrefix(segment) }
        #expect(lines.count == 1 && lines.allSatisfy { $0.contains(" meets 0x") }, "\(probe.console)")
    }

    @Test func reject_segmentTooLargeForRAM() throws {
        var rom = try ChangedROM()
        rom.store(UInt32.max, at: try rom.location("sice/next").lowerBound + Field.memorySize)
        try expectStop(.bootPayloadOutsideRAM, rom: try rom.write())
    }

    @Test(
        arguments: [
            (Field.type, 0x5041_5241), (Field.offset, 0x7FFF_FFFF), (Field.fileSize, 0x7FFF_FFFF),
            (Field.memorySize, 1),
        ] as [(Int, UInt32)])
    func reject_malformedSegment(_ field: Int, _ value: UInt32) throws {
        var rom = try ChangedROM()
        rom.store(value, at: try rom.location("sice/next").lowerBound + field)
        try expectStop(.bootBadPayload, rom: try rom.write())
    }

    @Test func reject_segmentsWithoutEnd() throws {
        var rom = try ChangedROM()
        let file = try rom.location("sice/next")
        // Nothing but zeroed memory, to the end of the file.
        for record in stride(from: file.lowerBound, to: file.upperBound - 28, by: 28) {
            rom.store(0x4253_5320 as UInt32, at: record)
        }
        try expectStop(.bootBadPayload, rom: try rom.write())
    }

    @Test func reject_fileThatIsNoPayload() throws {
        var rom = try ChangedROM()
        rom.store(0x50 as UInt32, at: try rom.header("sice/next") + 12)  // type: raw
        try expectStop(.bootBadPayload, rom: try rom.write())
    }

    // MARK: Compressed

    private static let compressed = Artefacts.standardOptions + ["--compress"]

    /// Start of the first segment's record, and of its LZMA file: properties, dictionary, length, stream.
    private func segment(of rom: ChangedROM) throws -> (record: Int, content: Int) {
        let file = try rom.location("sice/next").lowerBound
        return (file, file + Int(rom.word(at: file + Field.offset)))
    }

    @Test(arguments: ROMKind.allCases) func reject_expansionBeyondTheDeclaredLength(_ kind: ROMKind) throws {
        var rom = try ChangedROM(Self.compressed + kind.options)
        let segment = try segment(of: rom)
        let length = rom.bytes[(segment.content + 5)..<(segment.content + 9)].reversed()
            .reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(length > 0x1000 && length <= rom.word(at: segment.record + Field.memorySize))
        rom.store(length - 1, at: segment.record + Field.memorySize)
        try expectStop(.bootPayloadDamaged, rom: try rom.write())
    }

    /// The stream goes on behind the length that its header declares, or ends before it.
    @Test(arguments: [-0x100, 0x100]) func reject_streamOfAnotherLengthThanItsHeaderSays(_ more: Int) throws {
        var rom = try ChangedROM(Self.compressed)
        let length = try segment(of: rom).content + 6
        rom.flip(
            length, by: rom.bytes[length] ^ UInt8(truncatingIfNeeded: Int(rom.bytes[length]) + more >> 8))
        try expectStop(.bootPayloadDamaged, rom: try rom.write())
    }

    /// Properties that do not exist; a range coder that does not begin with zero.
    @Test(arguments: [0, 13]) func reject_damagedCompression(_ offset: Int) throws {
        var rom = try ChangedROM(Self.compressed)
        rom.flip(try segment(of: rom).content + offset, by: 0xFF)
        try expectStop(.bootPayloadDamaged, rom: try rom.write())
    }

    @Test func reject_truncatedCompression() throws {
        var rom = try ChangedROM(Self.compressed)
        let size = try segment(of: rom).record + Field.fileSize
        rom.store(rom.word(at: size) / 2, at: size)
        try expectStop(.bootPayloadDamaged, rom: try rom.write())
    }

    @Test func reject_unknownCompression() throws {
        var rom = try ChangedROM(Self.compressed)
        rom.store(2 as UInt32, at: try segment(of: rom).record + Field.compression)
        try expectStop(.bootPayloadCompressed, rom: try rom.write())
    }
}

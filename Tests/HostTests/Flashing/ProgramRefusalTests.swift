import Diagnostics
import Flashing
import Reference
import SICEABI
import Testing

/// Programs that `flash` must not put in: not ours, for no machine here, or not to be started by the boot.
@Suite struct ProgramRefusalTests {
    /// A program that coreboot's tool would put in, though it is not what installs the manager.
    @Test func reject_payloadOfSomeoneElse() throws {
        let place = try Workplace()
        for address in [0x10_0000, 0x2FF_F000, 0x4FF_F000] {
            try place.write(SampleFiles.program(0x2000, fill: 1, at: address), "payload.elf")
            #expect(
                place.error(try place.rom) == ToolError(.payloadForeign, place.plan.payload), "\(address)")
        }
    }

    /// What coreboot's tool would take all the same, or meet with an abort.
    @Test func reject_programsThatNoMachineRuns() throws {
        let place = try Workplace()
        let rom = try place.rom
        let good = SampleFiles.program(0x2000, fill: 1)
        func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
            var bytes = good
            bytes[offset] = value
            return bytes
        }
        let cases: [([UInt8], ErrorCode, String)] = [
            (changed(18, 40), .elfWrongMachine, "it is for ARM, 32-bit"),
            (changed(18, 243), .elfWrongMachine, "it is for RISC-V, 32-bit"),
            (changed(18, 183), .elfWrongMachine, "it is for AArch64, 32-bit"),
            (changed(5, 2), .elfWrongMachine, "big-endian"), (changed(16, 1), .elfWrongMachine, "static"),
            (changed(42, 56), .elfInconsistent, "e_phentsize 56, which must be 32"),
            (changed(73, 0x1F), .elfInconsistent, "8192 bytes in the file, 7936 in memory"),
            (good.dropLast(), .elfTruncated, "segment at 0x100000"),
            (good.prefix(60).map(\.self), .elfTruncated, ""),
            (good.prefix(20).map(\.self), .elfTruncated, ""), (Array("#!/bin/sh".utf8), .notAnELF, ""),
        ]
        for (bytes, code, words) in cases {
            try place.write(bytes, "bad.elf")
            let file = place.folder + "/bad.elf"
            var (asPayload, asNext) = (place.plan, place.plan)
            asPayload.payload = file
            asNext.next = file
            for plan in [asPayload, asNext] {
                let error = try #require(place.error(rom, plan))
                #expect(error.code == code)
                #expect(error.detail.hasPrefix(file) && error.detail.contains(words), "\(error.detail)")
            }
        }
    }

    /// A compressed payload that would not expand at boot.
    @Test func reject_ownPayloadThatDoesNotExpand() throws {
        let place = try Workplace(ownPayload: ["-c", "LZMA"])
        let rom = try place.rom
        let content = try #require(
            try ROM(rom, path: "rom").files().first { $0.name == "fallback/payload" }?.content)
        // Byte 11 of the file is the low one of the first segment's offset.
        let stream = content.lowerBound + Int(rom[content.lowerBound + 11])
        // Properties, a length of 2^40 and one that is too short, the first byte of the stream.
        for (offset, value) in [(0, 0xFF), (10, 1), (5, 1), (13, 0xFF)] as [(Int, UInt8)] {
            var changed = rom
            changed[stream + offset] = value
            let error = try #require(place.error(changed))
            #expect(error == ToolError(.bootPayloadDamaged, "rom: fallback/payload"), "byte \(offset)")
        }
    }

    /// What the payload would stop the boot for on every machine: on the payload, on what stays hidden in low memory,
    /// where no RAM is, in reserved memory.
    @Test(
        arguments: [
            (0x300_0000, .bootPayloadOverlapsFirmware, "0x3000000 to 0x3001FFF meets 0x3000000 to 0x4FFFFFF"),
            (0x4FF_F000, .bootPayloadOverlapsFirmware, "0x4FFF000 to 0x5000FFF meets 0x3000000 to 0x4FFFFFF"),
            (0x3_0000, .bootPayloadInHiddenMemory, "0x30000 to 0x31FFF meets 0x30000 to 0x4FFFF"),
            (0x4_F000, .bootPayloadInHiddenMemory, "0x4F000 to 0x50FFF meets 0x30000 to 0x4FFFF"),
            (
                0xC000_0000, .bootPayloadOutsideRAM,
                "0xC0000000 to 0xC0001FFF meets 0xC0000000, where no RAM is"
            ),
            (0x9_F000, .bootPayloadOutsideRAM, "0x9F000 to 0xA0FFF meets 0xA0000, where no RAM is"),
            (0, .bootPayloadOutsideRAM, "0x0 to 0x1FFF meets 0x0, where no RAM is"),
        ] as [(Int, ErrorCode, String)])
    func reject_nextThatCannotBeLoaded(_ address: Int, _ expected: ErrorCode, _ words: String) throws {
        let place = try Workplace()
        try place.write(SampleFiles.program(0x2000, fill: 1, at: address), "next.elf")
        var plan = place.plan
        plan.next = place.folder + "/next.elf"
        let error = try #require(try place.error(place.rom, plan))
        #expect(error.code == expected)
        #expect(error.exitStatus == 65)
        #expect(error.detail == "\(plan.next ?? ""): the segment \(words)")
    }

    @Test func reject_ownPayloadThatCannotBeLoaded() throws {
        let place = try Workplace()
        let rom = try place.rom
        let content = try #require(
            try ROM(rom, path: "rom").files().first { $0.name == "fallback/payload" }?.content)
        for (offset, field, expected) in [
            (16, [0x03, 0], .bootPayloadOverlapsFirmware),  // low half of the load address
            (7, [2], .bootPayloadCompressed), (0, [0x58], .bootBadPayload),
        ] as [(Int, [UInt8], ErrorCode)] {
            var changed = rom
            let start = content.lowerBound + offset
            changed.replaceSubrange(start..<(start + field.count), with: field)
            #expect(place.error(changed)?.code == expected)
        }
    }
}

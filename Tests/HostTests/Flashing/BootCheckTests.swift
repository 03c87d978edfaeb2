import Diagnostics
import Flashing
import ImageBuilder
import Reference
import SICEABI
import Testing

/// What the boot would stop at, found in the file: the same error that the console would show.
@Suite struct BootCheckTests {
    private let place: Workplace
    private let rom: [UInt8]

    init() throws {
        place = try Workplace(ownPayload: ["-c", "LZMA"])
        try place.write(SampleFiles.image, "workload.image")
        var plan = place.plan
        plan.workload = place.folder + "/workload.image"
        plan.smramMebibytes = 64
        rom = try place.flash(place.rom, plan)
    }

    private func error(_ rom: [UInt8]) -> ToolError? {
        do throws(ToolError) {
            try ROM(rom, path: "rom").requireBootable()
            return nil
        } catch { return error }
    }

    private func content(_ name: String) throws -> Range<Int> {
        try #require(try ROM(rom, path: "rom").files().first { $0.name == name }?.content)
    }

    /// The ROM with one byte changed.
    private func flipped(_ name: String, _ offset: Int, by mask: UInt8 = 1) throws -> [UInt8] {
        var changed = rom
        changed[try content(name).lowerBound + offset] ^= mask
        return changed
    }

    /// The ROM with another file under a name.
    private func with(_ name: String, _ content: [UInt8], type: String = "raw") throws -> [UInt8] {
        try place.write(content, "other")
        return try place.change(
            rom, ["remove", "-n", name], ["add", "-f", "other", "-n", name, "-t", type])
    }

    @Test func accept_whatWasFlashed() { #expect(error(rom) == nil) }

    @Test(arguments: ["sice/manager", "sice/workload"]) func reject_everyChangedByte(_ name: String) throws {
        for offset in stride(from: 0, to: try content(name).count, by: 61) {
            let found = error(try flipped(name, offset))
            #expect(found == ToolError(.bootBadCBFS, "rom: \(name)"), "byte \(offset)")
        }
    }

    @Test func reject_otherManagerAndWorkload() throws {
        #expect(
            error(try with("sice/manager", [1, 2])) == ToolError(.bootBadManagerImage, "rom: sice/manager"))
        let image = try SampleFiles.image
        for (bytes, code) in [
            (Array(image.dropLast()), .imageTruncated), (image + [0], .imageOversized),
            (Array(image.prefix(8)), .imageTruncated), ([UInt8](repeating: 0, count: 8192), .imageBadMagic),
        ] as [([UInt8], ErrorCode)] {
            #expect(error(try with("sice/workload", bytes)) == ToolError(code, "rom: sice/workload"))
        }
    }

    /// The ROM asks for a TSEG of 64 MiB.
    @Test func reject_workloadThatHasNoRoom() throws {
        let fitting = try SampleFiles.image(pages: 0x3C00)
        #expect(error(try with("sice/workload", fitting)) == nil)
        let large = try with("sice/workload", SampleFiles.image(pages: 0x4000))
        #expect(error(large) == ToolError(.imageTooLarge, "rom: sice/workload"))
        let larger = try place.change(
            large, ["remove", "-n", "sice/tseg-mbytes"], ["add-int", "-i", "128", "-n", "sice/tseg-mbytes"])
        #expect(error(larger) == nil)
        let anySize = try place.change(large, ["remove", "-n", "sice/tseg-mbytes"])
        #expect(error(anySize) == nil)
    }

    /// The most that `build --linux --memory` takes has room in the largest TSEG, with its page tables (one page for each
    /// 2 MiB, and a few); 1 GiB has not.
    @Test func largestGuest_hasRoomInTheLargestTSEG() throws {
        let largest = UInt64(LinuxGuest.memorySizes.upperBound) << 8
        let bare = try place.change(rom, ["remove", "-n", "sice/tseg-mbytes"])
        func found(_ pages: UInt64) throws -> ErrorCode? {
            try place.write(SampleFiles.image(pages: pages), "large")
            let changed = try place.change(
                bare, ["remove", "-n", "sice/workload"],
                ["add", "-f", "large", "-n", "sice/workload", "-t", "raw"])
            return error(changed)?.code
        }
        #expect(try found(largest + largest / 512 + 16) == nil)
        #expect(try found(1024 << 8) == .imageTooLarge)
    }

    /// What is started afterwards is LZMA here: its segment's content begins behind a table of two or more records.
    @Test func reject_nextThatDoesNotStart() throws {
        let stream = Int(rom[try content("sice/next").lowerBound + 11])
        for (offset, mask, code) in [
            (stream, 0xFF, .bootPayloadDamaged), (stream + 10, 1, .bootPayloadDamaged),
            (stream + 13, 0xFF, .bootPayloadDamaged), (0, 1, .bootBadPayload), (7, 3, .bootPayloadCompressed),
            (16, 3, .bootPayloadOverlapsFirmware),
        ] as [(Int, UInt8, ErrorCode)] {
            let found = error(try flipped("sice/next", offset, by: mask))
            #expect(
                found?.code == code && found?.detail.hasPrefix("rom: sice/next") == true, "byte \(offset)")
        }
        let raw = error(try with("sice/next", [1]))
        #expect(raw?.code == .bootBadPayload)
    }

    @Test func reject_otherPayload() throws {
        let found = error(try flipped("fallback/payload", 16, by: 0x80))
        #expect(found == ToolError(.payloadForeign, "rom: fallback/payload"))
    }

    @Test(arguments: ["sice/manager", "sice/next", "fallback/payload"])
    func reject_missingFile(_ name: String) throws {
        let changed = try place.change(rom, ["remove", "-n", name])
        #expect(error(changed) == ToolError(.romFileMissing, "rom: \(name)"))
    }

    /// In both forms that the payload reads, and none that it does not.
    @Test func size_isReadAsTheBootReadsIt() throws {
        let name = "sice/tseg-mbytes"
        for (text, size) in [("64", 64), ("128\n", 128), ("1024", 1024)] as [(String, UInt64)] {
            let changed = try ROM(with(name, Array(text.utf8)), path: "rom")
            #expect(try changed.smramMebibytes() == size)
            #expect(error(changed.bytes) == nil)
        }
        for text in ["", "64 MiB", "0x40", "8", "2048", "-64"] {
            #expect(error(try with(name, Array(text.utf8)))?.code == .bootNoTSEG, "\(text)")
        }
        #expect(error(try with(name, [8, 0, 0, 0, 0, 0, 0, 0]))?.code == .bootNoTSEG)
    }

    @Test func reject_managerCompressedAsAWhole() throws {
        try place.write(SampleFiles.manager, "other")
        let changed = try place.change(
            rom, ["remove", "-n", "sice/manager"],
            ["add", "-f", "other", "-n", "sice/manager", "-t", "raw", "-c", "LZMA"])
        #expect(error(changed) == ToolError(.bootBadCBFS, "rom: sice/manager"))
    }
}

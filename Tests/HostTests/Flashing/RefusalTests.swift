import Diagnostics
import Flashing
import Reference
import SICEABI
import Testing

/// Bad input: each has its row of the table, and nothing comes out.
@Suite struct RefusalTests {
    private func code(_ rom: [UInt8]) throws -> ErrorCode? {
        let place = try Workplace()
        do throws(ToolError) {
            _ = try place.flash(rom)
            return nil
        } catch { return error.code }
    }

    private func code(_ configuration: String?) throws -> ErrorCode? {
        let place = try Workplace(configuration: configuration)
        return try place.error(place.rom)?.code
    }

    @Test func reject_whatIsNoROM() throws {
        #expect(try code([UInt8](repeating: 0xFF, count: 0x8_0000)) == .romNoFlashMap)
    }

    @Test func reject_truncatedROM() throws {
        let rom = try Workplace().rom
        #expect(try code(Array(rom.dropLast())) == .romTruncated)
        #expect(try code(Array(rom.prefix(0x2000))) == .romTruncated)
    }

    @Test func reject_bytesBehindTheEnd() throws {
        #expect(try code(Workplace().rom + [0]) == .romOversized)
        #expect(try code(Workplace().rom + [0xFF, 0xFF]) == .romOversized)
    }

    /// Files of ours that we did not put there would decide about the boot: an option makes it insecure, a workload is
    /// started. None is adopted, and none is taken out as if it were ours.
    @Test(arguments: [
        "sice/insecure", "sice/workload", "sice/next", "sice/original", "sice/tseg-mbytes", "sice/flashed",
        "sice/strange",
    ])
    func reject_leftovers(_ name: String) throws {
        let place = try Workplace()
        let rom = try place.change(place.rom, ["add", "-f", "config", "-n", name, "-t", "raw"])
        for replaces in [false, true] {
            var plan = place.plan
            plan.replaces = replaces
            #expect(place.error(rom, plan) == ToolError(.romLeftovers, "rom: \(name)"))
        }
        #expect(throws: ToolError(.romNotFlashed, "rom")) { try place.unflash(rom) }
    }

    @Test func reject_strangeFileBesideTheManager_whenReplacing() throws {
        let place = try Workplace()
        let rom = try place.change(
            place.flash(place.rom), ["add", "-f", "config", "-n", "sice/strange", "-t", "raw"])
        var plan = place.plan
        plan.replaces = true
        #expect(place.error(rom, plan) == ToolError(.romLeftovers, "rom: sice/strange"))
    }

    @Test func reject_areaOutsideTheFile() throws {
        var rom = try Workplace().rom
        let entry = try #require(areaEntry("COREBOOT", in: rom))
        rom[entry + 7] = 0x7F  // highest byte of the size
        #expect(try code(rom) == .romAreaOutside)
    }

    @Test func reject_flashMapWithoutFileSystem() throws {
        var rom = try Workplace().rom
        let entry = try #require(areaEntry("COREBOOT", in: rom))
        rom[entry + 8] = 0x58
        #expect(try code(rom) == .romNoFileSystem)
    }

    @Test func reject_brokenHeader() throws {
        var rom = try Workplace().rom
        rom[0x1000 + 20] = 0xFF  // offset of the first file's content
        #expect(try code(rom) == .romFileSystemDamaged)
    }

    @Test func reject_overlappingFiles() throws {
        var rom = try Workplace().rom
        rom[0x1000 + 10] += 1  // the first file is 256 bytes longer, into the second
        #expect(try code(rom) == .romFileSystemDamaged)
    }

    @Test func reject_missingRoom_withNumbersAndLargestFiles() throws {
        let place = try Workplace(size: 0xA000)
        let error = try #require(try place.error(place.rom))
        #expect(error.code == .romNoRoom)
        #expect(error.detail.contains("missing") && error.detail.hasSuffix("coreboot needs every file of it"))
    }

    /// Advice names only what a ROM boots without.
    @Test func reject_missingRoom_namesWhatMayGo() throws {
        let place = try Workplace(size: 0xC000)
        try place.write([UInt8](repeating: 7, count: 0x2000), "picture")
        let rom = try place.change(
            place.rom, ["add", "-f", "picture", "-n", "etc/picture", "-t", "raw"])
        let error = try #require(place.error(rom))
        #expect(error.code == .romNoRoom)
        #expect(error.detail.hasSuffix("what coreboot can do without: etc/picture (8192)"), "\(error.detail)")
    }

    @Test func reject_ownSMMHandler() throws {
        let text = SampleFiles.configuration.replacing("CONFIG_NO_SMM=y", with: "CONFIG_SMM_TSEG=y")
        #expect(try code(text) == .romHasSMMHandler)
        #expect(
            try code(
                SampleFiles.configuration.replacing("CONFIG_NO_SMM=y", with: "# CONFIG_NO_SMM is not set"))
                == .romHasSMMHandler)
    }

    @Test(arguments: ["CONFIG_TPM2", "CONFIG_TPM_MEASURED_BOOT"])
    func reject_noMeasuredBoot(_ name: String) throws {
        #expect(try code(SampleFiles.configuration.replacing(name + "=y", with: "")) == .romNotMeasured)
    }

    @Test func reject_unforeseeableMeasurements() throws {
        for line in ["CONFIG_VBOOT=y\n", "CONFIG_USE_OPTION_TABLE=y\n", "CONFIG_PCR_SRTM=0\n"] {
            #expect(try code(SampleFiles.configuration + line) == .romConfigurationUnsupported)
        }
    }

    @Test func reject_wakeThatLeadsPastThePayload() throws {
        let error = try code(SampleFiles.configuration + "CONFIG_HAVE_ACPI_RESUME=y\n")
        #expect(error == .romConfigurationUnsupported)
        let other = try code(SampleFiles.configuration + "# CONFIG_HAVE_ACPI_RESUME is not set\n")
        #expect(other == nil)
    }

    @Test func reject_noConfiguration() throws {
        #expect(try code(String?.none) == .romNoConfiguration)
        #expect(try code("nothing\n") == .romNoConfiguration)
    }

    @Test func reject_damagedConfiguration() throws {
        let place = try Workplace()
        var rom = try place.rom
        let content = try #require(try ROM(rom, path: "rom").files().first { $0.name == "config" }?.content)
        rom[content.lowerBound] = 0xFF  // properties that LZMA does not have
        #expect(
            place.error(rom) == ToolError(.romFileSystemDamaged, "rom: config cannot be expanded"))
    }

    @Test func reject_secondFlash() throws {
        let place = try Workplace()
        #expect(try place.error(place.flash(place.rom))?.code == .romAlreadyFlashed)
    }

    @Test func reject_unflashOfAPlainROM() throws {
        let place = try Workplace()
        #expect(throws: ToolError(.romNotFlashed, "rom")) { try place.unflash(place.rom) }
    }

    @Test func reject_noPayloadAndNoNext() throws {
        let place = try Workplace(ownPayload: nil)
        let error = try #require(try place.error(place.rom))
        #expect(error.code == .romNoPayload)
        #expect(error.exitStatus == 66)
    }

    @Test func reject_badInputs() throws {
        let place = try Workplace()
        let rom = try place.rom
        var plan = place.plan
        plan.manager = place.folder + "/bootblock"
        #expect(place.error(rom, plan)?.code == .bootBadManagerImage)
        plan = place.plan
        plan.payload = place.folder + "/manager.bin"
        #expect(place.error(rom, plan)?.code == .notAnELF)
        plan = place.plan
        plan.workload = place.folder + "/payload.elf"
        #expect(place.error(rom, plan)?.code == .imageBadMagic)
        plan = place.plan
        plan.next = place.folder + "/nothing"
        #expect(place.error(rom, plan)?.code == .fileMissing)
    }

    /// Where a flash map's entry of an area starts: offset, size, name.
    private func areaEntry(_ name: String, in rom: [UInt8]) -> Int? {
        let text = Array(name.utf8)
        return (0..<0x1000).first { rom[($0 + 8)..<($0 + 8 + text.count)].elementsEqual(text) }
    }
}

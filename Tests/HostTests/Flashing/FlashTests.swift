import Diagnostics
import Flashing
import Reference
import SICEABI
import Testing

@Suite struct FlashTests {
    @Test func ownPayload_isKeptAsStoredAndStartsNext() throws {
        let place = try Workplace(ownPayload: ["-c", "LZMA"])
        let before = try ROM(place.rom, path: "before")
        let after = try ROM(place.flash(place.rom), path: "after")
        #expect(try after.isFlashed && !before.isFlashed)
        #expect(try after.content(of: "sice/next") == before.content(of: "fallback/payload"))
        #expect(try after.content(of: "fallback/payload") != before.content(of: "fallback/payload"))
        #expect(try after.content(of: "sice/manager") == SampleFiles.manager)
        #expect(try after.content(of: "bootblock") == before.content(of: "bootblock"))
        #expect(try after.content(of: "config") == before.content(of: "config"))
        #expect(try !after.names.contains("sice/insecure") && !after.names.contains("sice/workload"))
    }

    @Test func sameInput_givesTheSameBytes() throws {
        let place = try Workplace()
        #expect(try place.flash(place.rom) == place.flash(place.rom))
    }

    @Test func replace_isIdempotentAndForgetsEarlierOptions() throws {
        let place = try Workplace()
        let flashed = try place.flash(place.rom)
        var other = place.plan
        other.replaces = true
        other.isInsecure = true
        other.smramMebibytes = 128
        other.next = place.folder + "/next.elf"
        let changed = try place.flash(flashed, other)
        #expect(try place.flash(changed, other) == changed)
        var again = place.plan
        again.replaces = true
        #expect(try place.flash(changed, again) == flashed)
    }

    /// However it was stored, also at a place that its builder chose.
    @Test(arguments: [
        ["-c", "none"], ["-c", "LZMA"], ["-c", "none", "-A", "sha256"], ["-c", "none", "-b", "0x20000"],
        ["-c", "LZMA", "-b", "0x21040"],
    ])
    func unflash_givesBackTheSameBytes(_ ownPayload: [String]) throws {
        let place = try Workplace(ownPayload: ownPayload)
        let rom = try place.rom
        let result = try place.compared(place.flash(rom))
        #expect(result.bytes == rom && result.likeness == .same)
        var plan = place.plan
        plan.next = place.folder + "/next.elf"
        let flashed = try place.flash(rom, plan)
        #expect(try place.unflash(flashed) == rom)
        // What the ROM was before it was first flashed is still known when it is flashed again.
        plan.replaces = true
        plan.smramMebibytes = 64
        let again = try place.compared(place.flash(flashed, plan))
        #expect(again.bytes == rom && again.likeness == .same)
    }

    @Test func unflash_afterAnotherPayloadCame_keepsItAndSaysSo() throws {
        let place = try Workplace()
        let flashed = try place.change(
            place.flash(place.rom), ["remove", "-n", "fallback/payload"],
            ["add-payload", "-f", "next.elf", "-n", "fallback/payload", "-c", "none"])
        let result = try place.compared(flashed)
        #expect(result.likeness == .otherPayload)
        let rom = try ROM(result.bytes, path: "rom")
        #expect(try rom.ownNames().isEmpty)
        #expect(
            try rom.content(of: "fallback/payload")
                == ROM(flashed, path: "rom").content(of: "fallback/payload"))
    }

    @Test func unflash_afterOtherFilesChanged_saysSo() throws {
        let place = try Workplace()
        let rom = try place.rom
        let flashed = try place.change(
            place.flash(rom), ["add", "-f", "config", "-n", "etc/more", "-t", "raw"])
        let result = try place.compared(flashed)
        #expect(result.likeness == .otherBytes)
        let after = try ROM(result.bytes, path: "rom")
        #expect(try after.names.contains("etc/more") && after.ownNames().isEmpty)
        #expect(
            try after.content(of: "fallback/payload")
                == ROM(rom, path: "rom").content(of: "fallback/payload"))
    }

    /// Without a record, or with one that makes no sense, nothing is claimed.
    @Test func unflash_withoutRecord_claimsNothing() throws {
        let place = try Workplace()
        let rom = try place.rom
        let flashed = try place.flash(rom)
        let removed = try place.change(flashed, ["remove", "-n", "sice/flashed"])
        #expect(try place.compared(removed).likeness == .unknown)
        var damaged = flashed
        let record = try #require(
            try ROM(flashed, path: "rom").files().first { $0.name == "sice/flashed" }?.content)
        damaged[record.lowerBound] ^= 1
        #expect(try place.compared(damaged).likeness == .unknown)
        #expect(try place.compared(damaged).bytes == rom)
        var plan = place.plan
        plan.replaces = true
        #expect(try place.compared(place.flash(removed, plan)).likeness == .unknown)
    }

    @Test func unflash_leavesWhatIsNotOurs() throws {
        let place = try Workplace()
        let flashed = try place.change(
            place.flash(place.rom), ["add", "-f", "config", "-n", "sice/strange", "-t", "raw"])
        let rom = try ROM(place.unflash(flashed), path: "rom")
        #expect(try rom.ownNames() == ["sice/strange"])
    }

    @Test func unflash_ofAROMWithoutPayload_leavesNone() throws {
        let place = try Workplace(ownPayload: nil)
        var plan = place.plan
        plan.next = place.folder + "/next.elf"
        #expect(try place.unflash(place.flash(place.rom, plan)) == place.rom)
    }

    @Test func options_areFilesOfTheROM() throws {
        let place = try Workplace()
        var plan = place.plan
        plan.isInsecure = true
        plan.smramMebibytes = 256
        let rom = try ROM(place.flash(place.rom, plan), path: "rom")
        #expect(try rom.smramMebibytes() == 256)
        #expect(try rom.content(of: "sice/tseg-mbytes") == [0, 1, 0, 0, 0, 0, 0, 0])
        #expect(try rom.names.contains("sice/insecure"))
    }

    @Test func reference_isComputedForWhatWasFlashed() throws {
        let place = try Workplace()
        let rom = try ROM(place.flash(place.rom), path: "rom")
        let values = try ReferenceValues(rom, smramSize: 64 << 20, images: [])
        for name in ["fallback/payload", "sice/manager", "sice/next"] {
            let digest = try #require(try rom.digest(of: name))
            #expect(values.events.contains { $0.name.hasSuffix(name) && $0.digest == digest })
        }
    }
}

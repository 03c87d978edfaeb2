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

    @Test(arguments: [["-c", "none"], ["-c", "LZMA"], ["-c", "none", "-A", "sha256"]])
    func unflash_givesBackTheSameBytes(_ ownPayload: [String]) throws {
        let place = try Workplace(ownPayload: ownPayload)
        let rom = try place.rom
        #expect(try place.unflash(place.flash(rom)) == rom)
        var plan = place.plan
        plan.next = place.folder + "/next.elf"
        #expect(try place.unflash(place.flash(rom, plan)) == rom)
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

import Diagnostics
import Flashing
import Foundation
import Reference
import SICEABI
import Testing

private let upstreamROM = ProcessInfo.processInfo.environment["COREBOOT_ROM"]

/// With a ROM that coreboot's own build made: COREBOOT_ROM=path. The ROM is outside of the project.
@Suite(.enabled(if: upstreamROM != nil, "needs COREBOOT_ROM, the path of an upstream coreboot ROM"))
struct RealROMTests {
    @Test func flashAndUnflash_giveBackTheSameBytes() throws {
        let place = try Workplace()
        var plan = place.plan
        plan.next = place.folder + "/next.elf"
        let rom = try InputFile.read(try #require(upstreamROM))
        #expect(try place.unflash(place.flash(rom, plan)) == rom)
    }

    @Test func reference_hasEveryStageOfCoreboot() throws {
        let place = try Workplace()
        var plan = place.plan
        plan.next = place.folder + "/next.elf"
        let rom = try InputFile.read(try #require(upstreamROM))
        let flashed = try ROM(place.flash(rom, plan), path: "flashed")
        let values = try ReferenceValues(flashed, smramSize: 64 << 20, images: [])
        #expect(
            values.events.map(\.name) == [
                "FMAP: FMAP", "CBFS: bootblock", "CBFS: fallback/romstage", "CBFS: fallback/postcar",
                "CBFS: fallback/ramstage", "CBFS: fallback/payload", "sice/manager", "sice/config",
                "sice/report-key", "sice/next",
            ])
    }
}

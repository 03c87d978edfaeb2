import Diagnostics
import Fixtures
import Flashing
import Foundation
import Reference
import SICEABI
import Testing

/// Flashing ROMs that coreboot's own build made.
extension UpstreamROM {
    fileprivate func bytes() throws -> [UInt8] { try InputFile.read(#require(file).path) }

    fileprivate func expectTheSameBytesBack() throws {
        let place = try Workplace()
        var plan = place.plan
        plan.next = place.folder + "/next.elf"
        #expect(try place.unflash(place.flash(bytes(), plan)) == bytes())
    }

    fileprivate func expectReferenceOfEveryStage() throws {
        let place = try Workplace()
        var plan = place.plan
        plan.next = place.folder + "/next.elf"
        let flashed = try ROM(place.flash(bytes(), plan), path: "flashed")
        let values = try ReferenceValues(flashed, smramSize: 64 << 20, images: [])
        #expect(
            values.events.map(\.name) == [
                "FMAP: FMAP", "CBFS: bootblock", "CBFS: fallback/romstage", "CBFS: fallback/postcar",
                "CBFS: fallback/ramstage", "CBFS: fallback/payload", "sice/manager", "sice/config",
                "sice/report-key", "sice/next",
            ])
    }
}

@Suite(.enabled(if: UpstreamROM.protectedMode.isThere, "\(UpstreamROM.protectedMode.condition)"))
struct RealROMTests {
    @Test func flashAndUnflash_giveBackTheSameBytes() throws {
        try UpstreamROM.protectedMode.expectTheSameBytesBack()
    }

    @Test func reference_hasEveryStageOfCoreboot() throws {
        try UpstreamROM.protectedMode.expectReferenceOfEveryStage()
    }
}

@Suite(.enabled(if: UpstreamROM.longMode.isThere, "\(UpstreamROM.longMode.condition)"))
struct RealROMX64Tests {
    @Test func flashAndUnflash_giveBackTheSameBytes() throws {
        try UpstreamROM.longMode.expectTheSameBytesBack()
    }

    @Test func reference_hasEveryStageOfCoreboot() throws {
        try UpstreamROM.longMode.expectReferenceOfEveryStage()
    }
}

@Suite(.enabled(if: UpstreamROM.ownHandler.isThere, "\(UpstreamROM.ownHandler.condition)"))
struct RealROMWithHandlerTests {
    @Test func reject_ownSMMHandler() throws {
        let place = try Workplace()
        #expect(try place.error(UpstreamROM.ownHandler.bytes())?.code == .romHasSMMHandler)
    }
}

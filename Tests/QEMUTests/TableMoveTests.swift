import Foundation
import SICEABI
import Testing

/// ROMs that keep their tables where TSEG has to go, as coreboot does in a build without SMM.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct TableMoveTests {
    private static let rom = Result {
        try Artefacts.assemble(Artefacts.standardOptions + ["--tables-on-top"])
    }

    private func expectAllHeld(
        _ probe: Probe, made: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(probe.failures == [], sourceLocation: sourceLocation)
        #expect(probe.status == Probe.allHeld, "\(probe.console)", sourceLocation: sourceLocation)
        for check in made { #expect(probe.made(check), "\(check)", sourceLocation: sourceLocation) }
    }

    @Test(arguments: [(1, 512, 16), (2, 2048, 64), (8, 4096, 256)])
    func boot_withTablesWhereTSEGGoes(_ cores: Int, memory: Int, tseg: Int) throws {
        let probe = try Probe("info", rom: try Self.rom.get(), cores: cores, memory: memory, tseg: tseg)
        expectAllHeld(probe, made: ["info.locked", "run.status"])
        #expect(probe.console.contains("sice: tables are where TSEG goes"))
        #expect(probe.metrics["cores"] == UInt64(cores))
    }

    @Test func hide_everyPageOfSMRAM() throws {
        let probe = try Probe("smram", rom: try Self.rom.get())
        expectAllHeld(probe, made: ["smram.read", "smram.readAfterWrite", "smram.managerAlive"])
    }

    @Test func measure_theSameAsWithTSEGReserved() throws {
        let moved = try Probe("pcrs", rom: try Self.rom.get())
        let reserved = try Probe("pcrs")
        #expect(moved.digests["pcr.2"] == reserved.digests["pcr.2"])
        #expect(moved.digests["pcr.4"] == reserved.digests["pcr.4"])
        #expect(moved.digests["pcr.2"] != nil)
    }

    @Test func boot_withTheTSEGSizeThatTheROMAsksFor() throws {
        let rom = try Artefacts.assemble(
            Artefacts.standardOptions + ["--tables-on-top", "--tseg-mbytes", "64"])
        expectAllHeld(try Probe("info", rom: rom), made: ["info.locked"])
    }

    @Test(arguments: ["128", "many"]) func reject_anotherTSEGSize(_ size: String) throws {
        let rom = try Artefacts.assemble(Artefacts.standardOptions + ["--tseg-mbytes", size])
        let probe = try Probe("info", rom: rom)
        #expect(probe.console.contains("sice: SICE-E0606: "), "\(probe.console)")
        #expect(probe.status == Probe.bootStopped)
    }
}

import Diagnostics
import Foundation
import SICEABI
import Testing

/// Boots that must stop, each with its error on the console and nothing started.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct BootTests {
    @Test(arguments: ROMKind.allCases) func reject_romWithoutManager(_ kind: ROMKind) throws {
        let rom = try Artefacts.assemble(["--next", Artefacts.product("probe.elf").path] + kind.options)
        try expectStop(.bootFileMissing, rom: rom)
    }

    @Test(arguments: ROMKind.allCases) func reject_romWithoutNext(_ kind: ROMKind) throws {
        let rom = try Artefacts.assemble(["--manager", Artefacts.product("manager.bin").path] + kind.options)
        try expectStop(.bootFileMissing, rom: rom)
    }

    @Test func reject_truncatedManager() throws {
        let bytes = try Data(contentsOf: Artefacts.product("manager.bin"))
        let file = Artefacts.temporary.appending(path: "truncated-manager")
        try bytes.prefix(bytes.count / 2).write(to: file)
        let rom = try Artefacts.assemble([
            "--manager", file.path, "--next", Artefacts.product("probe.elf").path,
        ])
        try expectStop(.bootBadManagerImage, rom: rom)
    }

    @Test func reject_processorWithoutSVM() throws {
        try expectStop(.bootNoSVM, options: ["--no-svm"])
    }

    /// The payload as its own successor: linked where the running one is.
    @Test func reject_nextOverThePayload() throws {
        let rom = try Artefacts.assemble([
            "--manager", Artefacts.product("manager.bin").path, "--next",
            Artefacts.product("payload.elf").path,
        ])
        try expectStop(.bootPayloadOverlapsFirmware, rom: rom)
    }

    @Test func start_compressedNext() throws {
        let rom = try Artefacts.assemble(Artefacts.standardOptions + ["--compress"])
        let probe = try Probe("info", rom: rom)
        #expect(probe.failures == [])
        #expect(probe.status == Probe.allHeld, "\(probe.console)")
        #expect(probe.made("info.locked"))
        #expect(probe.console.contains("sice: payload \(ToolVersion.current)\r\n"), "\(probe.console)")
    }

    @Test func reject_moreCoresThanTheManagerServes() throws {
        try expectStop(.bootTooManyCores, options: ["--cores", "9"])
    }

    @Test(arguments: [8, 1025]) func reject_sizeOfSMRAM(mebibytes: Int) throws {
        try expectStop(.bootNoTSEG, options: ["--tseg", "\(mebibytes)"])
    }
}

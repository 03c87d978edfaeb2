import Foundation
import SICEABI
import Testing

/// Boots that must stop, each with its error on the console and nothing started.
@Suite(.enabled(if: Artefacts.areReady, "\(Artefacts.condition)"), .serialized)
struct BootTests {
    private func expectStop(
        _ error: ErrorCode, rom: URL? = nil, options: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let text = "SICE-E0\(error.rawValue): "
        let probe = try Probe("info", rom: rom, options: options)
        #expect(probe.console.contains("sice: \(text)"), "\(probe.console)", sourceLocation: sourceLocation)
        #expect(probe.status == Probe.bootStopped, sourceLocation: sourceLocation)
        #expect(probe.checks.isEmpty, sourceLocation: sourceLocation)
        #expect(!probe.console.contains("probe: started"), sourceLocation: sourceLocation)
    }

    @Test func reject_machineWithoutTPM() throws {
        try expectStop(.bootNoTPM, options: ["--no-tpm"])
    }

    @Test func reject_romWithoutManager() throws {
        let rom = try Artefacts.assemble(["--next", Artefacts.product("probe.elf").path])
        try expectStop(.bootFileMissing, rom: rom)
    }

    @Test func reject_romWithoutNext() throws {
        let rom = try Artefacts.assemble(["--manager", Artefacts.product("manager.bin").path])
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
    }

    /// The stream is damaged in the middle: whatever it expands to is not what was measured into it.
    @Test func reject_compressedNextThatExpandsBeyondItsLength() throws {
        var bytes = [UInt8](
            try Data(contentsOf: try Artefacts.assemble(Artefacts.standardOptions + ["--compress"])))
        // The first segment's memory size, big-endian at the end of its record.
        let segments = try MeasurementTests.location("sice/next", in: bytes).lowerBound
        for index in 24..<28 { bytes[segments + index] = index == 26 ? 0x10 : 0 }
        let rom = Artefacts.temporary.appending(path: "expands.rom")
        try Data(bytes).write(to: rom)
        let probe = try Probe("info", rom: rom)
        #expect(probe.status == Probe.bootStopped)
        #expect(
            probe.console.contains("sice: SICE-E0624: ") || probe.console.contains("sice: SICE-E0609: "),
            "\(probe.console)")
        #expect(!probe.console.contains("probe: started"))
    }

    @Test func reject_moreCoresThanTheManagerServes() throws {
        try expectStop(.bootTooManyCores, options: ["--cores", "9"])
    }

    @Test(arguments: [8, 1025]) func reject_sizeOfSMRAM(mebibytes: Int) throws {
        try expectStop(.bootNoTSEG, options: ["--tseg", "\(mebibytes)"])
    }

    @Test func start_withoutTPMOnlyByTheInsecureOption() throws {
        let rom = try Artefacts.assemble(Artefacts.standardOptions + ["--insecure"])
        let probe = try Probe("insecure", rom: rom, options: ["--no-tpm"])
        #expect(probe.failures == [])
        #expect(probe.status == Probe.allHeld, "\(probe.console)")
        #expect(probe.made("insecure.flag"))
    }
}

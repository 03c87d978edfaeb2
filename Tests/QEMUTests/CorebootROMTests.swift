import Foundation
import SICEABI
import Testing

/// The payload on ROMs that upstream coreboot built, with no change of ours: `COREBOOT_ROM` and `COREBOOT_ROM_X64` name
/// them (qemu-q35, no SMM handler, measured boot, 16 MiB, no payload).
enum CorebootROM: String, CaseIterable {
    case protectedMode = "COREBOOT_ROM"
    case longMode = "COREBOOT_ROM_X64"

    /// The ROM as its builder left it; nil without one.
    var original: URL? {
        ProcessInfo.processInfo.environment[rawValue].map { URL(filePath: $0) }
    }

    /// A copy with payload, manager and probe.
    func flashed() throws -> URL {
        guard let original else { throw HarnessError.unreadable(rawValue) }
        let rom = Artefacts.temporary.appending(path: "\(rawValue)-\(UUID().uuidString).rom")
        try FileManager.default.copyItem(at: original, to: rom)
        try add(["add-payload", "-n", "fallback/payload", "-c", "none"], "payload.elf", to: rom)
        try add(["add", "-n", BootMeasurement.manager.description, "-t", "raw"], "manager.bin", to: rom)
        try add(["add-payload", "-n", BootMeasurement.next.description, "-c", "lzma"], "probe.elf", to: rom)
        return rom
    }

    private func add(_ arguments: [String], _ product: String, to rom: URL) throws {
        let command = ["cbfstool", rom.path] + arguments + ["-f", Artefacts.product(product).path]
        let result = try Command(URL(filePath: "/usr/bin/env"), command).run()
        guard result.status == 0 else {
            throw HarnessError.failed(command.joined(separator: " "), result.errorText)
        }
    }
}

/// What must hold on every such ROM.
private func expectProtected(
    _ rom: CorebootROM, cores: Int, memory: Int, tseg: Int, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let flashed = try rom.flashed()
    let probe = try Probe("info", rom: flashed, cores: cores, memory: memory, tseg: tseg)
    // The one thing that the probe sees differently: this is no stand-in.
    #expect(probe.failures == ["info.standInROM: expected 1, found 0"], sourceLocation: sourceLocation)
    #expect(probe.made("info.locked") && probe.made("run.status"), sourceLocation: sourceLocation)
    #expect(probe.metrics["cores"] == UInt64(cores), sourceLocation: sourceLocation)
    #expect(probe.console.contains("sice: TPM: firmware is measured"), sourceLocation: sourceLocation)
    let hidden = try Probe("smram", rom: flashed, cores: cores, memory: memory, tseg: tseg)
    #expect(hidden.failures == [], sourceLocation: sourceLocation)
    #expect(hidden.status == Probe.allHeld, "\(hidden.console)", sourceLocation: sourceLocation)
}

@Suite(
    .enabled(if: Artefacts.areReady && CorebootROM.protectedMode.original != nil, "needs COREBOOT_ROM"),
    .serialized)
struct CorebootROMTests {
    @Test(arguments: [(1, 512, 16), (2, 2048, 64), (8, 4096, 256)])
    func protect_withUpstreamROM(_ cores: Int, memory: Int, tseg: Int) throws {
        try expectProtected(.protectedMode, cores: cores, memory: memory, tseg: tseg)
    }
}

@Suite(
    .enabled(if: Artefacts.areReady && CorebootROM.longMode.original != nil, "needs COREBOOT_ROM_X64"),
    .serialized)
struct CorebootROMX64Tests {
    @Test func protect_withUpstreamROM() throws {
        try expectProtected(.longMode, cores: 2, memory: 2048, tseg: 64)
    }
}

import Fixtures
import Foundation
import SICEABI
import Testing

/// The payload on ROMs that upstream coreboot built.
extension UpstreamROM {
    /// A copy with payload, manager and probe.
    fileprivate func flashed() throws -> URL {
        guard let file else { throw HarnessError.unreadable(rawValue) }
        let rom = Artefacts.temporary.appending(path: "\(rawValue)-\(UUID().uuidString).rom")
        try FileManager.default.copyItem(at: file, to: rom)
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

    /// What must hold on every such ROM.
    fileprivate func expectProtected(
        on machine: Machine, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let rom = try flashed()
        let (cores, memory, tseg) = (machine.cores, machine.memory, machine.tseg)
        let probe = try Probe("info", rom: rom, cores: cores, memory: memory, tseg: tseg)
        // The one thing that the probe sees differently: this is no stand-in.
        #expect(probe.failures == ["info.standInROM: expected 1, found 0"], sourceLocation: sourceLocation)
        #expect(probe.made("info.locked") && probe.made("run.status"), sourceLocation: sourceLocation)
        #expect(probe.metrics["cores"] == UInt64(cores), sourceLocation: sourceLocation)
        #expect(probe.console.contains("sice: TPM: firmware is measured"), sourceLocation: sourceLocation)
        let hidden = try Probe("smram", rom: rom, cores: cores, memory: memory, tseg: tseg)
        #expect(hidden.failures == [], sourceLocation: sourceLocation)
        #expect(hidden.status == Probe.allHeld, "\(hidden.console)", sourceLocation: sourceLocation)
    }
}

/// Sizes of a machine; memory in MiB.
struct Machine: Sendable {
    let cores: Int
    let memory: Int
    let tseg: Int

    /// From the smallest to RAM on both sides of the hole below 4 GiB, with each number of cores.
    static let sizes =
        [Machine(cores: 1, memory: 512, tseg: 16), Machine(cores: 2, memory: 3072, tseg: 512)]
        + (3...7).map { Machine(cores: $0, memory: 2048, tseg: 64) }
        + [Machine(cores: 8, memory: 4096, tseg: 256)]
}

@Suite(
    .enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"),
    .enabled(if: UpstreamROM.protectedMode.isThere, "\(UpstreamROM.protectedMode.condition)"), .serialized)
struct CorebootROMTests {
    @Test(arguments: Machine.sizes) func protect_withUpstreamROM(_ machine: Machine) throws {
        try UpstreamROM.protectedMode.expectProtected(on: machine)
    }
}

@Suite(
    .enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"),
    .enabled(if: UpstreamROM.longMode.isThere, "\(UpstreamROM.longMode.condition)"), .serialized)
struct CorebootROMX64Tests {
    @Test(arguments: Machine.sizes) func protect_withUpstreamROM(_ machine: Machine) throws {
        try UpstreamROM.longMode.expectProtected(on: machine)
    }
}

/// SMRAM that coreboot locked for a handler of its own; `flash` refuses such a ROM, so it was put together by hand.
@Suite(
    .enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"),
    .enabled(if: UpstreamROM.ownHandler.isThere, "\(UpstreamROM.ownHandler.condition)"), .serialized)
struct CorebootROMWithHandlerTests {
    @Test func start_nextWithoutManager() throws {
        let rom = try UpstreamROM.ownHandler.flashed()
        let probe = try Probe("info", rom: rom)
        #expect(probe.console.contains("sice: SMRAM is locked by other firmware"), "\(probe.console)")
        #expect(probe.failures.contains { $0.hasPrefix("info.error: expected 0, ") }, "a manager answers")
    }

    /// The next program finds registers of the TPM that no boot with a manager ends in, and cannot undo them.
    @Test func spoil_registersThatEvidenceNeeds() throws {
        let probe = try Probe("pcrs", rom: UpstreamROM.ownHandler.flashed())
        let spoilt = MeasurementTests().replay([Array("\(BootMeasurement.noManager)".utf8)])
        #expect(probe.digests["pcr.4"] == spoilt)
        #expect(probe.digests["pcr.5"] == spoilt)
        #expect(probe.made("pcrs.platformClosed") && probe.failures == [])
    }
}

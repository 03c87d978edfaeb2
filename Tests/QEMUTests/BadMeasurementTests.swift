import Foundation
import SICEABI
import Testing

/// Firmware whose measurements a verifier could not rely on. Each stops the boot, on both kinds of ROM; with the insecure
/// option it goes on, and says so.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct BadMeasurementTests {
    enum Cause: CaseIterable {
        /// coreboot fails open: its log is complete, but nothing was extended.
        case pcrUntouched
        /// Something was extended that the log hides.
        case logIncomplete
        case noTPM

        var error: ErrorCode {
            switch self {
            case .pcrUntouched: .bootNotMeasured
            case .logIncomplete: .bootLogMismatch
            case .noTPM: .bootNoTPM
            }
        }

        /// Options of the ROM, and of the machine.
        var options: (rom: [String], machine: [String]) {
            switch self {
            case .pcrUntouched: (["--log-only"], [])
            case .logIncomplete: (["--extend-only"], [])
            case .noTPM: ([], ["--no-tpm"])
            }
        }
    }

    @Test(arguments: ROMKind.allCases, Cause.allCases)
    func reject_unreliableMeasurements(_ kind: ROMKind, _ cause: Cause) throws {
        let rom = try Artefacts.assemble(Artefacts.standardOptions + kind.options + cause.options.rom)
        try expectStop(cause.error, rom: rom, options: cause.options.machine)
    }

    @Test(arguments: ROMKind.allCases, Cause.allCases)
    func start_onlyByTheInsecureOption(_ kind: ROMKind, _ cause: Cause) throws {
        let rom = try Artefacts.assemble(
            Artefacts.standardOptions + kind.options + cause.options.rom + ["--insecure"])
        let probe = try Probe("insecure", rom: rom, options: cause.options.machine)
        #expect(probe.failures == [])
        #expect(probe.status == Probe.allHeld, "\(probe.console)")
        #expect(probe.made("insecure.flag"))
        #expect(probe.console.contains("sice: the ROM has the insecure option; every report shows it"))
        #expect(probe.console.contains("sice: TPM: firmware is not measured"))
    }
}

import CorebootFormats
import Foundation
import SICEABI
import Testing

/// What the payload is handed over, changed by a debugger between ROM and payload: things that the stand-in ROM would
/// not start with.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct ChangedBootTests {
    /// The flash, right below 4 GiB.
    private static let flash: UInt64 = (1 << 32) - (8 << 20)
    private static let anchor: UInt64 = 0x500

    /// Boots to the payload's first Swift code, changes something, and goes on.
    private func boot(_ change: (Debugger, ChangedROM) throws -> Void) async throws -> Probe {
        let symbols = try Symbols(of: "payload.elf.64")
        let rom = try ChangedROM()
        let file = try rom.write()
        let socket = "/tmp/sice-\(UUID().uuidString.prefix(8))"
        async let probe = Probe("info", rom: file, options: ["--debugger", socket])
        try Debugger.attach(to: socket) { debugger in
            try debugger.run(to: symbols["sice_firmware_main"])
            try change(debugger, rom)
            try debugger.detach()
        }
        return try await probe
    }

    private func expectStop(_ error: ErrorCode, _ probe: Probe) {
        QEMUTests.expectStop(error, probe)
        #expect(probe.status == Probe.bootStopped)
    }

    @Test func reject_brokenHeader() async throws {
        let probe = try await boot { debugger, rom in
            let header = try rom.header("sice/manager")
            try debugger.write([0xFF, 0xFF, 0xFF, 0xFF], at: Self.flash + UInt64(header) + 20)
        }
        expectStop(.bootBadCBFS, probe)
    }

    @Test func reject_overlappingFiles() async throws {
        let probe = try await boot { debugger, rom in
            let size = try rom.header("sice/manager") + 8
            // One page more: into the next file.
            try debugger.write([rom.bytes[size + 2] + 0x10], at: Self.flash + UInt64(size) + 2)
        }
        expectStop(.bootBadCBFS, probe)
    }

    // MARK: coreboot's event log

    /// The table that the ROM made, by its anchor in low memory.
    private func eventLog(_ debugger: Debugger) throws -> UInt64 {
        let anchor = try debugger.read(64, at: Self.anchor)
        let place = try #require(try CorebootTable(anchor.span).forward)
        let bytes = try debugger.read(0x400, at: place)
        let table = try CorebootTable(bytes.span)
        return try #require(table.eventLog).base
    }

    /// One bit of the first event's digest: the log now says something else than what the TPM holds.
    @Test func reject_logThatTheTPMDoesNotConfirm() async throws {
        let probe = try await boot { debugger, _ in
            let digest = try eventLog(debugger) + UInt64(CorebootEventLogWriter.headerSize) + 14
            try debugger.write([debugger.read(1, at: digest)[0] ^ 1], at: digest)
        }
        expectStop(.bootLogMismatch, probe)
    }

    /// No digest ends the log: what is behind would be hidden from the operating system.
    @Test func reject_logThatIsCutShort() async throws {
        let probe = try await boot { debugger, _ in
            let second =
                try eventLog(debugger)
                + UInt64(CorebootEventLogWriter.headerSize + CorebootEventLogWriter.entrySize)
            try debugger.write([0, 0, 0, 0], at: second + 8)
        }
        expectStop(.bootLogMismatch, probe)
    }

    /// Signature, number of algorithms, algorithm; an event with two digests; event data beyond the log's end.
    @Test(
        arguments: [
            (32, 0x20), (56, 2), (60, 4), (CorebootEventLogWriter.headerSize + 8, 2),
            (CorebootEventLogWriter.headerSize + 49, 0x7F),
        ] as [(Int, UInt8)])
    func reject_malformedLog(_ offset: Int, _ value: UInt8) async throws {
        let probe = try await boot { debugger, _ in
            try debugger.write([value], at: try eventLog(debugger) + UInt64(offset))
        }
        expectStop(.bootLogUnusable, probe)
    }

    // MARK: What other cores are given to execute

    /// The first SMI reports the revision of the save state from another place, as another kind of CPU would have it.
    @Test func reject_saveStateOfAnotherRevision() async throws {
        let symbols = try Symbols(of: "payload.elf.64")
        let probe = try await boot { debugger, _ in
            let start = try symbols["sice_relocate_start"]
            let code = try debugger.read(Int(symbols["sice_relocate_end"] - start), at: start)
            let revision: [UInt8] = [0xFC, 0xFE, 0x03, 0x00]
            let wantedBase: [UInt8] = [0x04, 0x80, 0x03, 0x00]
            let place = try #require(code.indices.first { code[$0...].starts(with: revision) })
            try debugger.write(wantedBase, at: start + UInt64(place))
        }
        expectStop(.bootNoSMM, probe)
    }

    /// A core that halts where it wakes is not relocated: its SMIs would run from memory of the legacy host's.
    @Test func reject_coreThatStaysAway() async throws {
        let symbols = try Symbols(of: "payload.elf.64")
        let probe = try await boot { debugger, _ in
            // CLI, HLT, and a jump to itself.
            try debugger.write([0xFA, 0xF4, 0xEB, 0xFE], at: symbols["sice_wake_start"])
        }
        expectStop(.bootCoreLost, probe)
    }

    // MARK: The coreboot table itself

    /// Without a table the payload does not even know that an emulator runs it: it halts for ever.
    @Test func halt_withoutCorebootTable() async throws {
        let symbols = try Symbols(of: "payload.elf.64")
        let socket = "/tmp/sice-\(UUID().uuidString.prefix(8))"
        async let probe = Probe("info", options: ["--debugger", socket])
        try Debugger.attach(to: socket) { debugger in
            try debugger.run(to: symbols["sice_firmware_main"])
            let table = try debugger.registers()[Debugger.Register.rdi.rawValue]
            try debugger.write([0], at: table)
            try debugger.run(to: symbols["sice_halt"])
            try debugger.kill()
        }
        QEMUTests.expectStop(.bootNoCorebootTable, try await probe)
    }
}

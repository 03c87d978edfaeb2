import Fixtures
import Testing

/// The whole main job on ROMs that upstream coreboot built, with Debian as legacy host.

@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"),
    .enabled(if: UpstreamROM.protectedMode.isThere, "\(UpstreamROM.protectedMode.condition)"), .serialized,
    BootedMachine(.protectedMode), .timeLimit(.minutes(10)))
struct UpstreamROMQEMUTests {
    let machine: BootedMachine.Access

    init() throws { machine = try #require(BootedMachine.current) }

    @Test func affirm_theWholeDemo() throws { try UpstreamROM.protectedMode.expectDemoAffirms() }

    @Test func quote_andReportAreValidForStockPrograms() async throws {
        try await machine.expectEvidenceForStockPrograms()
    }

    @Test func logAndRegisters_areThoseThatLinuxShows() async throws {
        try await machine.expectLogAndRegistersOfLinux()
    }

    @Test func registers_areWhatTheROMLeadsTo() async throws { try await machine.expectRegistersFromROM() }

    @Test func memoryMap_reservesSMRAMAndCommunicationArea() throws { try machine.expectReservedMemory() }

    @Test func kernel_complainsOfNothingNew() async throws {
        try await UpstreamROM.protectedMode.expectNoNewComplaints(on: machine)
    }

    @Test func restart_thenPowerOff() async throws {
        try await UpstreamROM.protectedMode.expectRestartAndPowerOff(rom: machine.rom)
    }
}

@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"),
    .enabled(if: UpstreamROM.longMode.isThere, "\(UpstreamROM.longMode.condition)"), .serialized,
    BootedMachine(.longMode), .timeLimit(.minutes(10)))
struct UpstreamROMX64QEMUTests {
    let machine: BootedMachine.Access

    init() throws { machine = try #require(BootedMachine.current) }

    @Test func affirm_theWholeDemo() throws { try UpstreamROM.longMode.expectDemoAffirms() }

    @Test func quote_andReportAreValidForStockPrograms() async throws {
        try await machine.expectEvidenceForStockPrograms()
    }

    @Test func logAndRegisters_areThoseThatLinuxShows() async throws {
        try await machine.expectLogAndRegistersOfLinux()
    }

    @Test func registers_areWhatTheROMLeadsTo() async throws { try await machine.expectRegistersFromROM() }

    @Test func memoryMap_reservesSMRAMAndCommunicationArea() throws { try machine.expectReservedMemory() }

    /// Nothing to compare with: GRUB, started by a 64-bit coreboot itself, is loaded over coreboot's page tables and crashes.
    @Test func kernel_complainsOfNothing() throws { #expect(try machine.console.complaints() == []) }

    @Test func restart_thenPowerOff() async throws {
        try await UpstreamROM.longMode.expectRestartAndPowerOff(rom: machine.rom)
    }
}

@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"),
    .enabled(if: UpstreamROM.protectedMode.isThere, "\(UpstreamROM.protectedMode.condition)"),
    .enabled(if: SeaBIOS.isThere, "\(SeaBIOS.condition)"), .serialized,
    BootedMachine(.protectedMode, next: .ownSeaBIOS), .timeLimit(.minutes(10)))
struct UpstreamROMSeaBIOSQEMUTests {
    let machine: BootedMachine.Access

    init() throws { machine = try #require(BootedMachine.current) }

    @Test func affirm_evidence() async throws { try await machine.expectAffirmed(policy: "coreboot-qemu") }

    @Test func logAndRegisters_areThoseThatLinuxShows() async throws {
        try await machine.expectLogAndRegistersOfLinux()
    }

    @Test func registers_areWhatTheROMLeadsTo() async throws { try await machine.expectRegistersFromROM() }

    @Test func memoryMap_reservesSMRAMAndCommunicationArea() throws { try machine.expectReservedMemory() }

    @Test func kernel_complainsOfNothing() throws { #expect(try machine.console.complaints() == []) }
}

@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"),
    .enabled(if: UpstreamROM.longMode.isThere, "\(UpstreamROM.longMode.condition)"),
    .enabled(if: SeaBIOS.isThere, "\(SeaBIOS.condition)"), .serialized,
    BootedMachine(.longMode, next: .ownSeaBIOS), .timeLimit(.minutes(10)))
struct UpstreamROMX64SeaBIOSQEMUTests {
    let machine: BootedMachine.Access

    init() throws { machine = try #require(BootedMachine.current) }

    @Test func affirm_evidence() async throws { try await machine.expectAffirmed(policy: "coreboot-qemu") }

    @Test func logAndRegisters_areThoseThatLinuxShows() async throws {
        try await machine.expectLogAndRegistersOfLinux()
    }

    @Test func registers_areWhatTheROMLeadsTo() async throws { try await machine.expectRegistersFromROM() }

    @Test func memoryMap_reservesSMRAMAndCommunicationArea() throws { try machine.expectReservedMemory() }

    @Test func kernel_complainsOfNothing() throws { #expect(try machine.console.complaints() == []) }
}

@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"),
    .enabled(if: UpstreamROM.protectedMode.isThere, "\(UpstreamROM.protectedMode.condition)"), .serialized,
    .timeLimit(.minutes(10)))
struct UpstreamROMLinuxPayloadQEMUTests {
    @Test func start_kernelWithRAMDisk() async throws {
        try await UpstreamROM.protectedMode.expectLinuxPayload()
    }
}

/// `flash` refuses such a ROM; here cbfstool put it together.
@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"),
    .enabled(if: UpstreamROM.ownHandler.isThere, "\(UpstreamROM.ownHandler.condition)"), .serialized,
    .timeLimit(.minutes(10)))
struct UpstreamROMWithHandlerQEMUTests {
    @Test func start_LinuxWithoutManager() async throws {
        try await UpstreamROM.ownHandler.expectLinuxWithoutManager()
    }
}

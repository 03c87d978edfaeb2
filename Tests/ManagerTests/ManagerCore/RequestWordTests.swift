import ManagerCore
import SICEABI
import Simulation
import Testing

/// A request is meant by who may ask: it carries a word that root wrote to the communication area, once.
@Suite struct RequestWordTests {
    private static let refused = ABI.responseMagic | UInt64(ErrorCode.requestNotAuthorized.rawValue)
    private static let word: UInt64 = 0xFEED_FACE_CAFE_F00D

    /// A request that names this word, as any program could load it.
    private func request(
        _ s: Simulation, _ command: Command = .info, word: UInt64 = word, rcx: UInt64 = 7
    ) -> HostRegisters {
        s.with(word: word, HostRegisters(rax: ABI.requestMagic, rbx: command.rawValue, rcx: rcx))
    }

    private func expectRefused(_ s: Simulation, _ request: HostRegisters, on core: Int = 0) {
        var registers = request
        #expect(s.manager.handle(&registers, on: core, machine: &s.machine) == .resumeHost)
        var expected = request
        expected.rax = Self.refused
        #expect(registers == expected)
    }

    private func isServed(_ s: Simulation, _ request: HostRegisters, on core: Int = 0) -> Bool {
        var registers = request
        _ = s.manager.handle(&registers, on: core, machine: &s.machine)
        #expect(registers.r8 == request.r8)
        return registers.rax == ABI.responseMagic
    }

    private func stored(_ s: Simulation, _ word: UInt64) -> [UInt8] {
        s.read(Simulation.place(ofWord: word), 8)
    }

    @Test func serve_wordOnce() throws {
        let s = try Simulation()
        s.store(Self.word, at: Self.word)
        #expect(isServed(s, request(s)))
        #expect(stored(s, Self.word) == [UInt8](repeating: 0, count: 8))
        expectRefused(s, request(s))
        // Another core that saw it comes too late as well.
        expectRefused(s, request(s), on: 1)
    }

    @Test func refuse_wordThatNobodyWrote() throws {
        let s = try Simulation()
        expectRefused(s, request(s))
        expectRefused(s, request(s, word: .max))
    }

    @Test func refuse_zero() throws {
        let s = try Simulation()
        s.store(0, at: 0)
        expectRefused(s, request(s, word: 0))
        expectRefused(s, HostRegisters(rax: ABI.requestMagic, rbx: Command.info.rawValue))
    }

    @Test func refuse_wordInAnotherSlot() throws {
        let s = try Simulation()
        s.store(Self.word, at: Self.word + 1)
        expectRefused(s, request(s))
    }

    /// Who knows no word must not spoil those of others.
    @Test func keep_wordsOfOthers() throws {
        let s = try Simulation()
        s.store(Self.word, at: Self.word)
        expectRefused(s, request(s, word: Self.word ^ 1 << 40))
        #expect(isServed(s, request(s)))
    }

    @Test func refuse_everyCommandInEveryState() throws {
        let s = try Simulation()
        let id = try s.launch()
        let logged = try s.call(.logBase, rcx: Simulation.Place.output).rcx
        for number in UInt64(0)...16 {
            let registers = HostRegisters(
                rax: ABI.requestMagic, rbx: number, rcx: id, rdx: Simulation.Place.output)
            expectRefused(s, s.with(word: Self.word, registers))
        }
        #expect(try s.record(of: id)?.state == .runnable)
        // Anybody could fill the log with such requests, so they are not in it.
        #expect(try s.call(.logBase, rcx: Simulation.Place.output).rcx == logged)
    }

    @Test func refuse_bootCommandsBeforeTheLock() throws {
        let s = try Simulation(isReady: false)
        expectRefused(s, request(s, .install, rcx: Simulation.Place.output))
        expectRefused(s, request(s, .lock))
        try s.call(.install, rcx: Simulation.Place.output)
        try s.call(.lock)
    }

    @Test func launchedCoreWithoutAWordStartsAndIsRefused() throws {
        let s = try Simulation()
        let id = try s.launch()
        try s.call(
            .launch, rcx: id, rdx: UInt64(MachineLayout.apicIdentifier(2)), rsi: Simulation.Place.window)
        let before = request(s, .destroy, rcx: id)
        var registers = before
        #expect(s.manager.handle(&registers, on: 2, machine: &s.machine) == .enterIsolated(slot: 0))
        var expected = before
        expected.rax = Self.refused
        #expect(registers == expected)
    }
}

/// Where the save state names the port access of an SMI, a request must be a byte written to the SMI port.
@Suite struct PortAccessTests {
    /// OUT 0xB2, AL: valid, 8 bits.
    private static let request: UInt32 = 0x00B2_0012

    private func ask(_ s: Simulation, _ command: Command, _ access: UInt32) -> ErrorCode? {
        let registers = HostRegisters(
            rax: ABI.requestMagic, rbx: command.rawValue, rcx: Simulation.Place.output,
            access: PortAccess(access))
        do throws(ErrorCode) {
            try s.call(registers)
            return nil
        } catch { return error }
    }

    private func installed(seeing access: UInt32) throws -> Simulation {
        let s = try Simulation(isReady: false)
        #expect(ask(s, .install, access) == nil)
        #expect(ask(s, .lock, Self.request) == nil)
        return s
    }

    @Test func demand_whatTheInstallationShowed() throws {
        let s = try installed(seeing: Self.request)
        #expect(ask(s, .info, Self.request) == nil)
        // Breakpoint and single-step bits say nothing about the access.
        #expect(ask(s, .info, Self.request | 0xF800) == nil)
        let others: [UInt32] = [
            0, 0x00B2_0010,  // not valid
            0x00B2_0013,  // IN
            0x00B2_0016, 0x00B2_001E,  // OUTS, REP OUTS
            0x00B2_0022, 0x00B2_0042, 0x00B2_0032, 0x00B2_0002,  // 16 bits, 32 bits, two widths, none
            0x00B3_0012, 0x01B2_0012, 0x80B2_0012,  // other ports
        ]
        for access in others { #expect(ask(s, .info, access) == .requestNotAuthorized) }
    }

    @Test(arguments: [0, 0x00B2_0013, 0x00B3_0012] as [UInt32])
    func demandNothing_whereTheInstallationShowedNone(_ access: UInt32) throws {
        let s = try installed(seeing: access)
        #expect(ask(s, .info, 0) == nil)
        #expect(ask(s, .info, Self.request) == nil)
    }
}

/// The manager touches the local APIC's page at its architectural place and nowhere else.
@Suite struct LocalAPICPageTests {
    private func access(_ base: UInt64) -> Result<LocalAPICAccess, ErrorCode> {
        Result { () throws(ErrorCode) in try LocalAPICAccess(baseRegister: base) }
    }

    @Test func accept_architecturalPage() {
        // With and without the bit of the bootstrap processor.
        for base: UInt64 in [0xFEE0_0800, 0xFEE0_0900] {
            guard case .success(.page(let page)) = access(base) else {
                Issue.record("refused: \(base)")
                continue
            }
            #expect(page.address == 0xFEE0_0000)
        }
    }

    @Test func accept_registersAtAnyBase() {
        #expect(access(0xFEE0_0C00) == .success(.registers))
        #expect(access(MachineLayout.smramBase | 0xC00) == .success(.registers))
    }

    @Test(
        arguments: [
            0, 0x10_0000, 0x3_0000, 0xFED4_0000, 0xFEE0_1000, 0xFEDF_F000, 0x1_FEE0_0000, 0x8_0000_FEE0_0000,
            MachineLayout.smramBase, MachineLayout.communicationBase,
        ] as [UInt64])
    func reject_anyOtherPage(_ page: UInt64) {
        #expect(access(page | 0x800) == .failure(.coreUnreachable))
    }

    @Test func reject_disabled() {
        #expect(access(0xFEE0_0000) == .failure(.coreUnreachable))
        #expect(access(0xFEE0_0400) == .failure(.coreUnreachable))
        #expect(access(0) == .failure(.coreUnreachable))
    }
}

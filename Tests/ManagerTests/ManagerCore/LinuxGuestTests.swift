import GuestPolicy
import ManagerCore
import SICEABI
import Simulation
import Testing

/// Exits of a Linux guest: what the host sees, what its answers do, what never leaves the manager.
@Suite struct LinuxGuestTests {
    typealias Place = Simulation.Place

    func guest() throws -> (Simulation, UInt64) {
        let s = try Simulation()
        return (s, try s.launch(.linuxGuest()))
    }

    /// EXITINFO1 of a port access.
    static func port(_ number: UInt64, width: UInt64, input: Bool, string: Bool = false) -> GuestExit {
        let code = number << 16 | width << 4 | (string ? 4 : 0) | (input ? 1 : 0)
        return GuestExit(.ioio, code: code, address: 0x1000, next: 0x1002)
    }

    @Test func startsByTheBootProtocol() throws {
        let (s, _) = try guest()
        #expect(
            s.machine.guests[0]?.start
                == GuestEntry(
                    kind: .linuxGuest, entry: 0x20_0000, stackPointer: 0x1_0000, pageTableRoot: 0x4000,
                    bootParameters: 0x2000))
        #expect(try s.record(0)?.bytes[EnvironmentRecordLayout.kind] == 2)
        checkInvariants(s)
    }

    @Test func portWrite_showsOperandOnly() throws {
        let (s, id) = try guest()
        for (width, value) in [(1, 0x88), (2, 0x7788), (4, 0x5566_7788)] as [(UInt64, UInt64)] {
            let exit = SimulatedExit(
                Self.port(0x3F8, width: width, input: false),
                [.rax: 0x1122_3344_5566_7788, .rbx: 0xDEAD, .rsi: 0xBEEF])
            let answer = try s.call(.run, rcx: id, rdi: 42, exits: [exit])
            #expect(
                answer
                    == HostRegisters(
                        rax: ABI.responseMagic, rbx: ExitReason.portWrite.rawValue, rcx: 0x3F8 | width << 16,
                        rdx: value, rsi: 0, rdi: 0))
        }
        #expect(s.machine.guests[0]?.skippedBytes == 6)
    }

    /// Only the bits that the instruction asked for count, whatever the host says.
    @Test(
        arguments: [
            (1, 0x1122_3344_5566_77FF), (2, 0x1122_3344_5566_FFFF), (4, 0xFFFF_FFFF),
        ] as [(UInt64, UInt64)])
    func portRead_takesNoMoreThanItsWidth(_ width: UInt64, _ result: UInt64) throws {
        let (s, id) = try guest()
        let exit = SimulatedExit(
            Self.port(0x71, width: width, input: true), [.rax: 0x1122_3344_5566_7788])
        let answer = try s.call(.run, rcx: id, exits: [exit])
        #expect(answer.rbx == ExitReason.portRead.rawValue && answer.rcx == 0x71 | width << 16)
        #expect(answer.rdx == 0)
        _ = try s.call(.run, rcx: id, rdx: .max)
        #expect(s.machine.guests[0]?.registers[.rax] == result)
        // Once only.
        _ = try s.call(.run, rcx: id, rdx: 0)
        #expect(s.machine.guests[0]?.registers[.rax] == result)
    }

    @Test func crash_stringPortAccess() throws {
        for exit in [
            Self.port(0x3F8, width: 1, input: false, string: true),
            Self.port(0x3F8, width: 4, input: true, string: true),
            Self.port(0x3F8, width: 0, input: false), Self.port(0x3F8, width: 3, input: true),
        ] {
            let (s, id) = try guest()
            let answer = try s.call(.run, rcx: id, exits: [SimulatedExit(exit)])
            #expect(answer.rbx == ExitReason.crashed.rawValue)
            #expect(answer.rcx == CrashCode.forbiddenInstruction && answer.rdx == 0x1000)
            #expect(try s.record(of: id)?.state == .dead && s.machine.guests[0] == nil)
        }
    }

    /// With a word, the controllers' masks and ends are no exits; the host gets them with the next one, once.
    @Test func controllers_areNotedUntilTheNextExit() throws {
        let (s, id) = try guest()
        let word = ControllerWord.valid | 0xBFFE
        var registers = HostRegisters(
            rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: id, rdi: word)
        #expect(s.handle(&registers, on: 0) == .enterGuest(slot: 0))
        let steps: [(GuestExit, UInt64, UInt64)] = [
            (Self.port(0x21, width: 1, input: true), 0x1100, 0x11FE),
            (Self.port(0x21, width: 1, input: false), 0xFF, 0xFF),
            (Self.port(0x20, width: 1, input: false), 0x1160, 0x1160),
            (Self.port(0x21, width: 1, input: false), 0xFE, 0xFE),
            (Self.port(0xA0, width: 1, input: false), 0x62, 0x62),
        ]
        for (exit, before, after) in steps {
            s.machine.setRegister(.rax, of: 0, to: before)
            let step = s.manager.finish(exit, on: 0, registers: &registers, machine: &s.machine)
            #expect(step == .enterGuest(slot: 0))
            #expect(s.machine.guests[0]?.registers[.rax] == after)
        }
        #expect(s.machine.guests[0]?.skippedBytes == 10)
        // A non-specific end is the device model's business, as is an access that is wider.
        s.machine.setRegister(.rax, of: 0, to: 0x20)
        let end = Self.port(0x20, width: 1, input: false)
        #expect(s.manager.finish(end, on: 0, registers: &registers, machine: &s.machine) == .resumeHost)
        #expect(registers.rbx == ExitReason.portWrite.rawValue && registers.rcx == 0x1_0020)
        #expect(registers.rdi == word ^ (1 << 16 | 1 << 26))
        let wide = SimulatedExit(Self.port(0x20, width: 2, input: false), [.rax: 0xFE60])
        let answer = try s.call(.run, rcx: id, rdi: word, exits: [wide])
        #expect(answer.rbx == ExitReason.portWrite.rawValue && answer.rdi == word)
        #expect(try s.call(.run, rcx: id).rdi == 0)
        checkInvariants(s)
    }

    @Test func halt_saysWhetherItCanWake() throws {
        let (s, id) = try guest()
        var answer = try s.call(.run, rcx: id, exits: [SimulatedExit(GuestExit(.hlt))])
        #expect(answer.rbx == ExitReason.halted.rawValue && answer.rcx == 0 && answer.rdx == 0)
        s.machine.guests[0]?.takesInterrupts = true
        answer = try s.call(.run, rcx: id, exits: [SimulatedExit(GuestExit(.hlt))])
        #expect(answer.rbx == ExitReason.halted.rawValue && answer.rdx == 1)
        // An interrupt that waits wakes it at once: no exit.
        answer = try s.call(
            .run, rcx: id, rsi: GuestEvent.valid | 32, exits: [SimulatedExit(GuestExit(.hlt))])
        #expect(answer.rbx == ExitReason.hostInterrupt.rawValue && answer.rsi == 1)
        #expect(s.machine.guests[0]?.skippedBytes == 3)
    }

    @Test func interrupt_isOfferedOnceAndReported() throws {
        let (s, id) = try guest()
        var answer = try s.call(.run, rcx: id, rsi: GuestEvent.valid | 0x30)
        #expect(answer.rsi == 1 && s.machine.guests[0]?.pendingInterrupt == 0x30)
        #expect(throws: ErrorCode.eventPending) {
            try s.call(.run, rcx: id, rsi: GuestEvent.valid | 0x31)
        }
        #expect(s.machine.guests[0]?.pendingInterrupt == 0x30)
        #expect(try s.record(of: id)?.state == .runnable)
        s.machine.guests[0]?.pendingInterrupt = nil
        answer = try s.call(.run, rcx: id)
        #expect(answer.rsi == 0)
    }

    /// The value of a port read is not lost with an interrupt that is refused.
    @Test func refusedInterrupt_changesNothing() throws {
        let (s, id) = try guest()
        s.machine.guests[0]?.pendingInterrupt = 0x30
        let read = SimulatedExit(Self.port(0x60, width: 1, input: true), [.rax: 0])
        #expect(try s.call(.run, rcx: id, exits: [read]).rbx == ExitReason.portRead.rawValue)
        #expect(throws: ErrorCode.eventPending) {
            try s.call(.run, rcx: id, rdx: 7, rsi: GuestEvent.valid | 0x31)
        }
        _ = try s.call(.run, rcx: id, rdx: 8)
        #expect(s.machine.guests[0]?.registers[.rax] == 8)
    }

    @Test(
        arguments: [1, 32, GuestEvent.valid, GuestEvent.valid | 31, GuestEvent.valid | 256, 1 << 63, .max]
            as [UInt64])
    func reject_event(_ event: UInt64) throws {
        let (s, id) = try guest()
        #expect(throws: ErrorCode.invalidArgument) { try s.call(.run, rcx: id, rsi: event) }
        #expect(s.machine.guests[0]?.pendingInterrupt == nil)
    }

    @Test func event_isNotForBarePrograms() throws {
        let s = try Simulation()
        let id = try s.launch()
        #expect(try s.call(.run, rcx: id, rsi: .max).rsi == .max)
        #expect(s.machine.guests[0]?.pendingInterrupt == nil)
    }

    @Test func identification_isThePolicys() throws {
        let (s, id) = try guest()
        let exit = SimulatedExit(
            GuestExit(.cpuid), [.rax: 0xFFFF_FFFF_0000_0007, .rcx: 0xFFFF_FFFF_0000_0000])
        // No exit to the host: it sees the next interrupt.
        #expect(try s.call(.run, rcx: id, exits: [exit]).rbx == ExitReason.hostInterrupt.rawValue)
        let all = CPUIDAnswer(eax: .max, ebx: .max, ecx: .max, edx: .max)
        let expected = CPUIDPolicy.answer(leaf: 7, subleaf: 0, hardware: all)
        let guest = try #require(s.machine.guests[0])
        #expect(guest.registers[.rax] == UInt64(expected.eax))
        #expect(guest.registers[.rbx] == UInt64(expected.ebx))
        #expect(guest.registers[.rcx] == UInt64(expected.ecx))
        #expect(guest.registers[.rdx] == UInt64(expected.edx))
        #expect(guest.skippedBytes == 2)
    }

    @Test func forbiddenRegister_isAnExceptionAndCounted() throws {
        let (s, id) = try guest()
        for write: UInt64 in [0, 1] {
            let exit = SimulatedExit(GuestExit(.msr, code: write), [.rcx: 0xC001_0117])
            #expect(try s.call(.run, rcx: id, exits: [exit]).rbx == ExitReason.hostInterrupt.rawValue)
        }
        let write = SimulatedExit(GuestExit(.msr, code: 1), [.rcx: 0xFE])
        _ = try s.call(.run, rcx: id, exits: [write])
        let guest = try #require(s.machine.guests[0])
        #expect(guest.exceptions == Array(repeating: .generalProtection, count: 3))
        #expect(guest.skippedBytes == 0)
        let record = try #require(try s.record(of: id))
        #expect(record.bytes[EnvironmentRecordLayout.refusals] == 3 && record.state == .runnable)
    }

    @Test func register_readsAsTheTableSays() throws {
        let (s, id) = try guest()
        let read = SimulatedExit(
            GuestExit(.msr), [.rcx: 0xC001_0015, .rax: .max, .rdx: .max])
        _ = try s.call(.run, rcx: id, exits: [read])
        let guest = try #require(s.machine.guests[0])
        #expect(guest.registers[.rax] == 1 << 24 && guest.registers[.rdx] == 0)
        #expect(guest.exceptions.isEmpty && guest.skippedBytes == 2)
    }

    @Test func features_hideAndKeepVirtualMachineBit() throws {
        let (s, id) = try guest()
        let read = SimulatedExit(GuestExit(.msr), [.rcx: 0xC000_0080])
        _ = try s.call(.run, rcx: id, exits: [read])
        #expect(s.machine.guests[0]?.registers[.rax] == 0x0D00)
        let write = SimulatedExit(
            GuestExit(.msr, code: 1),
            [.rcx: 0xC000_0080, .rax: 0xFFFF_FFFF_0000_0D01, .rdx: 0xFFFF_FFFF_0000_0000])
        _ = try s.call(.run, rcx: id, exits: [write])
        #expect(s.machine.guests[0]?.efer == 0x1D01)
        let enable = SimulatedExit(
            GuestExit(.msr, code: 1), [.rcx: 0xC000_0080, .rax: 0x1D01, .rdx: 0])
        _ = try s.call(.run, rcx: id, exits: [enable])
        #expect(s.machine.guests[0]?.efer == 0x1D01)
        #expect(s.machine.guests[0]?.exceptions == [.generalProtection])
    }

    @Test(
        arguments: [
            (0x6F, .generalProtection), (0x76, .generalProtection), (0x8D, .generalProtection),
            (0x73, .undefinedInstruction), (0x80, .undefinedInstruction), (0x82, .undefinedInstruction),
            (0x87, .undefinedInstruction), (0x8A, .undefinedInstruction), (0x8B, .undefinedInstruction),
        ] as [(UInt64, GuestException)])
    func hiddenInstruction_raises(_ code: UInt64, _ exception: GuestException) throws {
        let (s, id) = try guest()
        let exit = SimulatedExit(GuestExit(.forbiddenInstruction, code: code, address: 9))
        #expect(try s.call(.run, rcx: id, exits: [exit]).rbx == ExitReason.hostInterrupt.rawValue)
        #expect(s.machine.guests[0]?.exceptions == [exception])
    }

    @Test(
        arguments: [
            (GuestExit(.nestedPageFault, address: 0xDEAD_0000), CrashCode.memoryMap, 0xDEAD_0000),
            (GuestExit(.shutdown), CrashCode.shutdown, 0),
            (GuestExit(.forbiddenInstruction, code: 0x7D, address: 9), CrashCode.forbiddenInstruction, 9),
            (GuestExit(.other, code: 0x401, address: 8), CrashCode.forbiddenInstruction, 8),
            (GuestExit(.invalidState), CrashCode.invalidState, 0),
        ] as [(GuestExit, UInt64, UInt64)])
    func crashTellsWhatAndWhere(_ exit: GuestExit, _ code: UInt64, _ address: UInt64) throws {
        let (s, id) = try guest()
        let answer = try s.call(.run, rcx: id, exits: [SimulatedExit(exit)])
        #expect(answer.rbx == ExitReason.crashed.rawValue && answer.rcx == code && answer.rdx == address)
        #expect(try s.record(of: id)?.state == .dead && s.machine.guests[0] == nil)
        #expect(try logEvents(s).last?.event == LogEvent.crashed.rawValue)
    }

    /// A program under the guest's kernel may ring, and nothing else.
    @Test func services_areTheKernelsButForTheDoorbell() throws {
        let (s, id) = try guest()
        s.machine.guests[0]?.cpl = 3
        for service in [Service.yield, .exit, .random, .setWorkloadData, .window] {
            let answer = try s.call(.run, rcx: id, exits: [.service(service)])
            #expect(answer.rbx == ExitReason.hostInterrupt.rawValue, "\(service)")
        }
        let unknown = SimulatedExit(GuestExit(.vmmcall), [.rax: 99])
        _ = try s.call(.run, rcx: id, exits: [unknown])
        #expect(s.machine.guests[0]?.exceptions == Array(repeating: .undefinedInstruction, count: 6))
        let answer = try s.call(.run, rcx: id, exits: [.service(.doorbell, [.rbx: 77])])
        #expect(answer.rbx == ExitReason.doorbell.rawValue && answer.rcx == 77 && answer.rdx == 0)
        s.machine.guests[0]?.cpl = 0
        #expect(try s.call(.run, rcx: id, exits: [.yield(5)]).rcx == 5)
    }

    @Test func doorbell_awaitsNothing() throws {
        let s = try Simulation()
        let id = try s.launch()
        let answer = try s.call(.run, rcx: id, rdx: 1, exits: [.service(.doorbell, [.rbx: 9])])
        #expect(answer.rbx == ExitReason.doorbell.rawValue && answer.rcx == 9)
        _ = try s.call(.run, rcx: id, rdx: 123)
        #expect(s.machine.guests[0]?.registers[.rbx] == 9 && s.machine.guests[0]?.registers[.rax] == 0)
    }

    /// A bare program has no use for any of this: it crashes as ever.
    @Test(arguments: [GuestExitKind.ioio, .hlt, .cpuid, .msr])
    func barePrograms_crash(_ kind: GuestExitKind) throws {
        let s = try Simulation()
        let id = try s.launch()
        let exit = SimulatedExit(GuestExit(kind, code: 1, address: 0x44))
        let answer = try s.call(.run, rcx: id, exits: [exit])
        #expect(answer.rbx == ExitReason.crashed.rawValue)
        #expect(answer.rcx == CrashCode.forbiddenInstruction && answer.rdx == 0x44)
    }

    @Test func multiCore_handsPortReadsThroughTheExchange() throws {
        let (s, id) = try guest()
        // In time-sharing mode it stops in a port read; the other mode asks the host again.
        let read = SimulatedExit(Self.port(0x71, width: 1, input: true), [.rax: 0])
        #expect(try s.call(.run, rcx: id, exits: [read]).rbx == ExitReason.portRead.rawValue)
        let page: UInt64 = 0x1_0000_2000
        try s.call(.launch, rcx: id, rdx: UInt64(MachineLayout.apicIdentifier(2)), rsi: page)
        var registers = HostRegisters(rax: 1)
        guard case .awaitAnswer(let exchange) = s.handle(&registers, on: 2)
        else {
            Issue.record("the read was not shown")
            return
        }
        let posted = s.read(page, 16)
        #expect(posted[ExchangeLayout.reason] == UInt8(ExitReason.portRead.rawValue))
        #expect(Array(posted[8..<11]) == [0x71, 0, 1])
        s.write([1], at: page + UInt64(ExchangeLayout.answered))
        s.write([0x5A], at: page + UInt64(ExchangeLayout.input))
        let answer = exchange.wait(machine: &s.machine)
        #expect(s.manager.resume(answer, on: 2, machine: &s.machine) == .enterIsolated(slot: 0))
        #expect(s.machine.guests[0]?.registers[.rax] == 0x5A)
    }
}

import GuestPolicy
import ManagerCore
import SICEABI
import Simulation
import Testing

@Suite struct RunTests {
    typealias Place = Simulation.Place

    func runnable() throws -> (Simulation, UInt64) {
        let s = try Simulation()
        return (s, try s.launch())
    }

    @Test func yieldPassesOneWordEachWay() throws {
        let (s, id) = try runnable()
        var answer = try s.call(.run, rcx: id, rdx: 99, exits: [.yield(0x1234)])
        #expect(answer.rbx == ExitReason.yield.rawValue && answer.rcx == 0x1234 && answer.rdx == 0)
        // The first run has no yield to answer.
        #expect(s.machine.guests[0]?.registers[.rbx] == 0x1234)
        answer = try s.call(.run, rcx: id, rdx: 77, exits: [.interrupt])
        #expect(answer.rbx == ExitReason.hostInterrupt.rawValue && answer.rcx == 0 && answer.rdx == 0)
        #expect(s.machine.guests[0]?.registers[.rax] == 0 && s.machine.guests[0]?.registers[.rbx] == 77)
        // After an interrupt the guest goes on where it was; the host's word is not for it.
        _ = try s.call(.run, rcx: id, rdx: 55, exits: [.interrupt])
        #expect(s.machine.guests[0]?.registers[.rbx] == 77)
        #expect(s.machine.guests[0]?.skipped == 1)
        #expect(try s.record(of: id)?.runs == 3)
    }

    @Test func exitShowsOperandsOnly() throws {
        let (s, id) = try runnable()
        let secrets: [GuestRegister: UInt64] = [.rcx: 0xDEAD, .rdx: 0xBEEF, .rsi: 1, .rdi: 2, .r8: 3]
        var request = HostRegisters(
            rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: id, rsi: 41, rdi: 42)
        request.rdx = 7
        let answer = try s.call(request, exits: [.service(.yield, secrets.merging([.rbx: 5]) { $1 })])
        #expect(answer == HostRegisters(rax: ABI.responseMagic, rbx: 1, rcx: 5, rdx: 0, rsi: 41, rdi: 42))
    }

    @Test func exitKills() throws {
        let (s, id) = try runnable()
        let answer = try s.call(.run, rcx: id, exits: [.end(3)])
        #expect(answer.rbx == ExitReason.exited.rawValue && answer.rcx == 3)
        #expect(try s.record(of: id)?.state == .dead)
        #expect(s.machine.guests[0] == nil)
        #expect(throws: ErrorCode.wrongState) { try s.call(.run, rcx: id) }
    }

    @Test(
        arguments: [
            (GuestExit(.exception, code: 14, address: 0x40), 14, 0x40),
            (GuestExit(.exception, code: 0, address: 0x20_0010), 0, 0x20_0010),
            (GuestExit(.nestedPageFault, address: 0xDEAD_0000), CrashCode.memoryMap, 0xDEAD_0000),
            (GuestExit(.shutdown), CrashCode.shutdown, 0),
            (GuestExit(.forbiddenInstruction, code: 0x7B, address: 9), CrashCode.forbiddenInstruction, 9),
            (GuestExit(.other, code: 0x400, address: 8), CrashCode.forbiddenInstruction, 8),
            (GuestExit(.invalidState), CrashCode.invalidState, 0),
        ] as [(GuestExit, UInt64, UInt64)])
    func crashTellsWhatAndWhere(_ exit: GuestExit, _ code: UInt64, _ address: UInt64) throws {
        let (s, id) = try runnable()
        let answer = try s.call(.run, rcx: id, exits: [SimulatedExit(exit)])
        #expect(answer.rbx == ExitReason.crashed.rawValue && answer.rcx == code && answer.rdx == address)
        let record = try #require(try s.record(of: id))
        #expect(record.state == .dead && record.crashCode == code && record.crashAddress == address)
    }

    @Test func crash_unknownService() throws {
        for number: UInt64 in [0, 7, 1 << 40, .max] {
            let (s, id) = try runnable()
            let exit = SimulatedExit(GuestExit(.vmmcall), [.rax: number])
            #expect(try s.call(.run, rcx: id, exits: [exit]).rcx == CrashCode.unknownService)
            #expect(try s.record(of: id)?.state == .dead)
        }
    }

    @Test func serviceRandom() throws {
        let (s, id) = try runnable()
        _ = try s.call(.run, rcx: id, exits: [.service(.random)])
        let first = try #require(s.machine.guests[0])
        #expect(first.registers[.rax] == 0)
        let words = [GuestRegister.rbx, .rcx, .rdx, .rsi].map { first.registers[$0] ?? 0 }
        #expect(Set(words).count == 4)
        s.machine.hasEntropy = false
        _ = try s.call(.run, rcx: id, exits: [.service(.random)])
        #expect(s.machine.guests[0]?.registers[.rax] == UInt64(ErrorCode.noEntropy.rawValue))
        #expect(s.machine.guests[0]?.registers[.rbx] == words[0])
    }

    @Test func serviceWindow() throws {
        let (s, id) = try runnable()
        _ = try s.call(.run, rcx: id, exits: [.service(.window, [.rbx: 0])])
        #expect(s.machine.guests[0]?.registers[.rbx] == 0x1000_0000)
        #expect(s.machine.guests[0]?.registers[.rcx] == 0x4000)
        for index: UInt64 in [1, 4, .max] {
            _ = try s.call(.run, rcx: id, exits: [.service(.window, [.rbx: index])])
            #expect(s.machine.guests[0]?.registers[.rax] == UInt64(ErrorCode.windowNotDeclared.rawValue))
        }
    }

    @Test func reject_runOnAnotherCore() throws {
        let (s, id) = try runnable()
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: id)
        #expect(s.handle(&registers, on: 1) == .enterGuest(slot: 0))
        #expect(throws: ErrorCode.environmentBusy) { try s.call(.run, rcx: id, core: 0) }
        #expect(throws: ErrorCode.environmentBusy) { try s.call(.destroy, rcx: id, core: 2) }
        #expect(try s.record(of: id)?.state == .running)
        #expect(
            s.manager.finish(GuestExit(.hostInterrupt), on: 1, registers: &registers, machine: &s.machine)
                == .resumeHost)
        #expect(try s.call(.run, rcx: id, core: 0, exits: [.yield(1)]).rcx == 1)
    }

    @Test func twoEnvironmentsRunAtOnce() throws {
        let s = try Simulation()
        let ids = [try s.launch(), try s.launch()]
        var registers = ids.map { HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: $0) }
        for core in 0...1 {
            #expect(
                s.handle(&registers[core], on: core) == .enterGuest(slot: core))
        }
        for core in [1, 0] {
            s.machine.setRegister(.rax, of: core, to: Service.yield.rawValue)
            s.machine.setRegister(.rbx, of: core, to: UInt64(core + 10))
            let step = s.manager.finish(
                GuestExit(.vmmcall), on: core, registers: &registers[core], machine: &s.machine)
            #expect(step == .resumeHost && registers[core].rcx == UInt64(core + 10))
        }
    }

    @Test func kill_environmentOfACoreThatWasReset() throws {
        let (s, id) = try runnable()
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: id)
        #expect(s.handle(&registers, on: 2) == .enterGuest(slot: 0))
        // The core was thrown out of SMM and comes back with an SMI of its own, for anything.
        var other = HostRegisters(rax: 0)
        #expect(s.handle(&other, on: 2) == .resumeHost)
        let record = try #require(try s.record(of: id))
        #expect(record.state == .dead && record.crashCode == CrashCode.coreReset)
        #expect(s.machine.guests[0] == nil)
        #expect(try logEvents(s).last?.event == LogEvent.unexpectedReset.rawValue)
        try s.destroy(id)
        checkInvariants(s)
        #expect(try s.freePages == 598)
    }

    /// A core that lost its guest's exit, since it could not get the lock, left SMM; another core reports it. Its environment
    /// is dead for all, and the core serves the next one.
    @Test(arguments: [ExecutionMode.timeSharing, .multiCore])
    func settle_environmentOfACoreThatGaveUp(_ mode: ExecutionMode) throws {
        let (s, id) = try runnable()
        if mode == .multiCore {
            try s.call(
                .launch, rcx: id, rdx: UInt64(MachineLayout.apicIdentifier(2)),
                rsi: MachineLayout.communicationBase)
        }
        var registers =
            mode == .multiCore
            ? HostRegisters() : HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: id)
        let entered = s.handle(&registers, on: 2)
        #expect(entered == (mode == .multiCore ? .enterIsolated(slot: 0) : .enterGuest(slot: 0)))
        for core in [0, 1, 3, 4, 7] { s.manager.noticeReset(of: core, machine: &s.machine) }
        #expect(try #require(try s.record(of: id)).state == .running)
        s.manager.noticeReset(of: 2, machine: &s.machine)
        let record = try #require(try s.record(of: id))
        #expect(record.state == .dead && record.crashCode == CrashCode.coreReset)
        #expect(s.machine.guests[0] == nil)
        #expect(try logEvents(s).last?.event == LogEvent.unexpectedReset.rawValue)
        try s.destroy(id)
        let next = try s.launch()
        #expect(try s.call(.run, rcx: next, core: 2).rbx == ExitReason.hostInterrupt.rawValue)
        try s.destroy(next)
        checkInvariants(s)
        #expect(try s.freePages == 598)
    }

    @Test func reject_exitWithoutRun() throws {
        let (s, _) = try runnable()
        for core in [0, 3, 4, 7] {
            var registers = HostRegisters()
            let exit = GuestExit(.hostInterrupt)
            #expect(
                s.manager.finish(exit, on: core, registers: &registers, machine: &s.machine) == .resumeHost)
            #expect(registers.rax == ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue))
        }
    }
}

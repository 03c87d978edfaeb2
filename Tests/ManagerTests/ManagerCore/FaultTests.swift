import GuestPolicy
import ManagerCore
import SICEABI
import Simulation
import Testing

/// Invariant I8.
@Suite struct FaultTests {
    typealias Place = Simulation.Place

    @Test func faultDestroysKeyAndEnvironments() throws {
        let s = try Simulation()
        let ids = [try s.launch(), try s.create(try SampleImage().file())]
        s.manager.fail(code: 14, address: 0x1234, machine: &s.machine)
        #expect(!s.machine.hasKey)
        for id in ids { #expect(try s.record(of: id)?.state == .dead) }
        #expect(s.machine.guests.allSatisfy { $0 == nil })
        let entry = try #require(try logEvents(s).last)
        #expect(
            entry.event == LogEvent.managerFault.rawValue && entry.detail0 == 14 && entry.detail1 == 0x1234)
        #expect(try s.call(.info).rdi & PlatformFlags.reportKey == 0)
    }

    @Test(arguments: [
        Command.create, .load, .seal, .attach, .run, .destroy, .report, .reportKey, .install, .lock, .launch,
        .stop, .kick,
    ])
    func reject_everythingButReading(_ command: Command) throws {
        let s = try Simulation()
        let id = try s.launch()
        s.manager.fail(machine: &s.machine)
        let count = try s.call(.logBase, rcx: Place.output).rcx
        #expect(throws: ErrorCode.managerFault) { try s.call(command, rcx: id, rdx: Place.nonce) }
        // Nothing more is written.
        #expect(try s.call(.logBase, rcx: Place.output).rcx == count)
    }

    @Test func guestOnAnotherCoreStopsAtItsNextExit() throws {
        let s = try Simulation()
        let id = try s.launch()
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: id)
        #expect(s.handle(&registers, on: 1) == .enterGuest(slot: 0))
        s.manager.fail(machine: &s.machine)
        #expect(s.machine.guests[0] != nil)
        let exit = GuestExit(.vmmcall)
        #expect(s.manager.finish(exit, on: 1, registers: &registers, machine: &s.machine) == .resumeHost)
        #expect(registers.rax == ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue))
        #expect(registers.rbx == Command.run.rawValue && registers.rcx == id)
        #expect(s.machine.guests[0] == nil)
    }

    @Test func secondFaultChangesNothing() throws {
        let s = try Simulation()
        s.manager.fail(code: 1, machine: &s.machine)
        s.manager.fail(code: 2, machine: &s.machine)
        #expect(try logEvents(s).count { $0.event == LogEvent.managerFault.rawValue } == 1)
    }

    @Test func damagedMetadataIsAFaultNotAGuess() throws {
        let s = try Simulation()
        try s.destroy(try s.launch())
        // The head of the free list claims to have an owner.
        for index in s.machine.owners.indices where s.machine.owners[index] == 0 {
            s.machine.owners[index] = 5
        }
        let file = try SampleImage().file()
        #expect(throws: ErrorCode.managerFault) { _ = try s.create(file) }
        #expect(!s.machine.hasKey)
        #expect(try logEvents(s).last?.event == LogEvent.managerFault.rawValue)
    }

    @Test func brokenPageListIsAFaultNotALoop() throws {
        for damage in [UInt32.max, 0, 3] {
            let s = try Simulation()
            let id = try s.launch()
            for index in s.machine.links.indices { s.machine.links[index] = damage }
            #expect(throws: ErrorCode.managerFault) { try s.destroy(id) }
            #expect(!s.machine.hasKey)
        }
    }
}

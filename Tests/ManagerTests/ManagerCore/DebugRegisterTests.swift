import GuestPolicy
import SICEABI
import Simulation
import Testing

@testable import ManagerCore

/// Debug registers of Linux guests: the manager reads the instruction, from the guest's own pages only, and no value
/// reaches a CPU.
@Suite struct DebugRegisterTests {
    /// A running guest whose tables map its first 2 MiB by pages of 4 KiB, the rest by one of 2 MiB, and the top of the
    /// kernel's half.
    final class Guest {
        let simulation: Simulation
        let identifier: UInt64
        /// Guest-physical 0x20_0000 and the page after it hold code.
        static let code: UInt64 = 0x20_0000
        static let kernelCode: UInt64 = 0xFFFF_FFFF_8020_0000

        init(windows: Int = 0) throws {
            simulation = try Simulation()
            identifier = try simulation.launch(.linuxGuest(windows: windows))
            let tables: [(UInt64, Int, UInt64)] = [
                (0x4000, 0, 0x5003), (0x4000, 511, 0x5003), (0x5000, 0, 0x6003), (0x5000, 510, 0x6003),
                (0x5000, 3, 0x83), (0x6000, 0, 0x7003), (0x6000, 1, 0x20_0083), (0x6000, 128, 0x1000_0083),
                (0x7000, 1, 0x20_1003), (0x7000, 0, 0x20_0003), (0x7000, 2, 0x8000),
            ]
            for (table, index, entry) in tables { store(entry.bytes, at: table + UInt64(index * 8)) }
        }

        /// Writes the guest's own memory, at a guest-physical address.
        func store(_ bytes: [UInt8], at address: UInt64) {
            let page = NestedPageTable.ownPage(
                at: address, root: simulation.machine.guests[0]!.nestedRoot, owner: 1,
                pool: simulation.manager.pool, machine: simulation.machine)
            simulation.machine.store(bytes.span, at: Int(address & 0xFFF), of: page!)
        }

        func run(
            _ code: UInt64, at instructionPointer: UInt64 = Guest.code,
            _ registers: [GuestRegister: UInt64] = [:]
        ) throws -> HostRegisters {
            simulation.machine.guests[0]?.execution.rip = instructionPointer
            let exit = GuestExit(.debugRegister, code: code, address: instructionPointer)
            return try simulation.call(.run, rcx: identifier, exits: [SimulatedExit(exit, registers)])
        }

        var state: SimulatedGuest? { simulation.machine.guests[0] }
    }

    @Test func write_isKeptAndReadBack() throws {
        let guest = try Guest()
        guest.store([0x41, 0x0F, 0x23, 0xFF], at: Guest.code)  // mov %r15, %dr7
        #expect(try guest.run(0x37, [.r15: 0xF0F]).rbx == ExitReason.hostInterrupt.rawValue)
        guest.store([0x0F, 0x21, 0xFB], at: Guest.code)  // mov %dr7, %rbx
        _ = try guest.run(0x27)
        #expect(guest.state?.registers[.rbx] == 0x70F && guest.state?.skippedBytes == 7)
        guest.store([0x0F, 0x23, 0xC4], at: Guest.code)  // mov %rsp, %dr0
        _ = try guest.run(0x30, [.rsp: 0x1234_5678_9ABC])
        guest.store([0x0F, 0x21, 0xC0], at: Guest.code)
        _ = try guest.run(0x20)
        #expect(guest.state?.registers[.rax] == 0x1234_5678_9ABC)
        checkInvariants(guest.simulation)
    }

    @Test func status_goesToTheVMCB() throws {
        let guest = try Guest()
        guest.simulation.machine.guests[0]?.dr6 = 0xFFFF_4FF0
        guest.store([0x0F, 0x21, 0xF1], at: Guest.code)  // mov %dr6, %rcx
        _ = try guest.run(0x26)
        #expect(guest.state?.registers[.rcx] == 0xFFFF_4FF0)
        guest.store([0x0F, 0x23, 0xF1], at: Guest.code)
        _ = try guest.run(0x36, [.rcx: 0])
        #expect(guest.state?.dr6 == 0xFFFF_0FF0)
    }

    @Test func exceptions_areTheGuests() throws {
        let guest = try Guest()
        guest.store([0x0F, 0x23, 0xF8], at: Guest.code)
        _ = try guest.run(0x37, [.rax: 1 << 32])
        #expect(guest.state?.exceptions == [.generalProtection] && guest.state?.skippedBytes == 0)
        guest.simulation.machine.guests[0]?.execution.cr4 |= 1 << 3
        guest.store([0x0F, 0x23, 0xE0], at: Guest.code)  // mov %rax, %dr4
        _ = try guest.run(0x34)
        #expect(guest.state?.exceptions == [.generalProtection, .undefinedInstruction])
    }

    /// Through pages of 4 KiB and 2 MiB, in the kernel's half, and across the end of a page.
    @Test func code_isFoundThroughTheGuestsTables() throws {
        let guest = try Guest()
        guest.store([0x0F, 0x23, 0xC0], at: 0x20_0010)
        for address: UInt64 in [0x10, 0x20_0010, Guest.kernelCode + 0x10, 0xFFFF_FFFF_8000_0010] {
            _ = try guest.run(0x30, at: address, [.rax: address])
        }
        #expect(guest.state?.skippedBytes == 12)
        guest.store([0x66, 0x0F], at: 0x20_0FFE)
        guest.store([0x23, 0xC0], at: 0x20_1000)
        _ = try guest.run(0x30, at: 0xFFE)
        #expect(guest.state?.skippedBytes == 16)
    }

    static let unreadable: [(UInt64, UInt64)] = [
        (0x37, 0x2000),  // no present page
        (0x37, 0x3000),  // nothing in the table
        (0x37, 0x80_0000),  // no such table entry
        (0x37, 0x0000_8000_0020_0000),  // not canonical
        (0x37, 0xC000_0000 + 0x3000_0000),  // 1 GiB page, beyond the environment's memory
        (0x37, 0x1000_0000),  // the host's window
        (0x30, 0x20_0000), (0x27, 0x20_0000),  // another access than the exit's
        (0x37, 0x20_0020),  // no such instruction
    ]

    @Test(arguments: unreadable) func crash_whatCannotBeRead(code: UInt64, address: UInt64) throws {
        let guest = try Guest(windows: 1)
        guest.store([0x0F, 0x23, 0xF8], at: Guest.code)
        guest.simulation.write([0x0F, 0x23, 0xF8], at: Simulation.Place.window)
        let answer = try guest.run(code, at: address)
        #expect(answer.rbx == ExitReason.crashed.rawValue)
        #expect(answer.rcx == CrashCode.unreadableInstruction && answer.rdx == address)
        #expect(guest.state == nil)
    }

    /// No paging, no PAE, five levels, no long mode, 32-bit code.
    static let modes: [@Sendable (inout GuestExecution) -> Void] = [
        { $0.cr0 = 0x33 }, { $0.cr4 = 0x600 }, { $0.cr4 = 0x1620 }, { $0.efer = 0x1900 },
        { $0.codeAttributes = 0xC9B },
    ]

    @Test(arguments: modes.indices) func crash_outsideOf64BitCode(index: Int) throws {
        let guest = try Guest()
        guest.store([0x0F, 0x23, 0xF8], at: Guest.code)
        Self.modes[index](&guest.simulation.machine.guests[0]!.execution)
        #expect(try guest.run(0x37).rcx == CrashCode.unreadableInstruction)
    }

    /// Tables that lead to themselves end, too.
    @Test func crash_tablesThatLeadToThemselves() throws {
        let guest = try Guest()
        guest.store(UInt64(0x4003).bytes, at: 0x4000)
        #expect(try guest.run(0x37).rcx == CrashCode.unreadableInstruction)
    }

    @Test func debugAndAlignmentExceptions_areDeliveredAgain() throws {
        let guest = try Guest()
        let exits = [1, 17].map { SimulatedExit(GuestExit(.exception, code: $0, address: 0x20_0000)) }
        let answer = try guest.simulation.call(.run, rcx: guest.identifier, exits: exits)
        #expect(answer.rbx == ExitReason.hostInterrupt.rawValue)
        #expect(guest.state?.exceptions == [.debug, .alignmentCheck])
    }

    /// CR8 is the priority of a local APIC that the guest has not.
    @Test(arguments: [0x08, 0x18] as [UInt64]) func taskPriority_isRefused(code: UInt64) throws {
        let guest = try Guest()
        let exit = SimulatedExit(GuestExit(.forbiddenInstruction, code: code, address: 0x20_0000))
        _ = try guest.simulation.call(.run, rcx: guest.identifier, exits: [exit])
        #expect(guest.state?.exceptions == [.generalProtection])
    }

    /// A bare program has no debug registers at all.
    @Test func bareProgram_isEnded() throws {
        let s = try Simulation()
        let id = try s.launch()
        let exit = SimulatedExit(GuestExit(.debugRegister, code: 0x37, address: 0x20_0000))
        #expect(try s.call(.run, rcx: id, exits: [exit]).rcx == CrashCode.forbiddenInstruction)
    }

    /// The next environment in the slot starts with registers of its own.
    @Test func registers_endWithTheEnvironment() throws {
        let guest = try Guest()
        guest.store([0x0F, 0x23, 0xC0], at: Guest.code)
        _ = try guest.run(0x30, [.rax: 0x5EC2E7])
        let s = guest.simulation
        while try s.call(.destroy, rcx: guest.identifier).rbx != 0 {}
        #expect(s.manager.debugAddress(ofSlot: 0) == .value(0))
    }
}

extension UInt64 {
    /// Little-endian.
    fileprivate var bytes: [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: self >> UInt64($0 * 8)) } }
}

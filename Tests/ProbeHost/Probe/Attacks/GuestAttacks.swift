internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// Guests with a kernel's freedom against manager, host and each other (T26).
enum GuestAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                80, .environments, "outside-its-map", "T06",
                "a guest that reads or writes what is not its own"),
            outside)
        runner.attack(
            Attack(
                81, .environments, "msrs", "T26", "a host register that a guest's WRMSR changed"), registers)
        runner.attack(
            Attack(82, .environments, "ports", "T26", "an access to a port that reached hardware"), ports)
        runner.attack(
            Attack(
                83, .environments, "random-code", "T26",
                "a manager that fails, or a changed host, under guests of random privileged instructions",
                .mayEndEmulator),
            randomCode)
    }

    /// Guest-physical addresses where host RAM, SMRAM, devices and flash are, and all powers of two.
    private static func outside(_ attempt: inout Attempt) {
        let smram = Platform.found.smramBase
        let places: InlineArray<12, UInt64> = [
            0, smram, smram + SMRAMLayout.entryPage, smram + SMRAMLayout.managerOffset, smram - 4096,
            WorkMemory.image, 0x100_0000, 0xA_0000, 0xFEE0_0000, 0xFED4_0000, 0xFFFF_F000, 0xB000_0000,
        ]
        for index in places.indices { outside(places[index], &attempt) }
        for bit: UInt64 in 12..<52 where bit != 16 { outside(1 << bit, &attempt) }
    }

    private static func outside(_ physical: UInt64, _ attempt: inout Attempt) {
        do throws(ErrorCode) {
            let guest = try TinyGuest(at: WorkMemory.image)
            for operation: UInt64 in 0...1 {
                guest.reach(physical)
                // mov 0x20000, %eax or mov %eax, 0x20000; then mov $2, %eax; vmmcall (exit)
                guest.put(0x0002_0000_2504_00 | (operation == 0 ? 0x8B : 0x89), at: 0)
                guest.put(0xD901_0F00_0000_02B8, at: 7)
                let environment = try guest.environment()
                let answer = environment.run()
                attempt.expect(answer.registers.rbx, is: ExitReason.crashed.rawValue, "not-stopped")
                try environment.destroy()
            }
        } catch { attempt.failed("setup", error) }
    }

    private static func registers(_ attempt: inout Attempt) {
        var before = HostState(repeating: 0)
        var after = HostState(repeating: 0)
        RegisterCase.readState(&before)
        for number: UInt64 in 0..<0x300 { write(number * 3 % 0x1000, &attempt) }
        for number: UInt64 in 0..<0x180 {
            write(0xC000_0000 | number, &attempt)
            write(0xC001_0000 | number, &attempt)
        }
        RegisterCase.readState(&after)
        for index in 0..<before.count {
            attempt.expect(before[index] == after[index], "host-state", UInt64(index))
        }
        attempt.expectManager()
    }

    /// mov $number, %ecx; mov $value, %eax; mov %eax, %edx; wrmsr
    private static func write(_ number: UInt64, _ attempt: inout Attempt) {
        guard !attempt.isBroken else { return }
        do throws(ErrorCode) {
            let guest = try TinyGuest(at: WorkMemory.image)
            guest.put(0xB9 | number << 8 | 0xB8 << 40 | 0x34 << 48, at: 0)
            guest.put(0x00_00 | 0xC2_89 << 16 | 0x30_0F << 32 | 0xF4 << 48, at: 8)
            let before = sice_rdmsr(0x1B)
            let environment = try guest.environment()
            runToItsEnd(environment, &attempt)
            attempt.expect(sice_rdmsr(0x1B), is: before, "apic-base")
            try environment.destroy()
        } catch { attempt.failed("setup", error) }
    }

    /// Slices until the guest stops by itself: one that only ended by a tick may not have come to its instruction.
    private static func runToItsEnd(_ environment: Environment, _ attempt: inout Attempt) {
        for _ in 0..<1000 {
            LocalAPIC.armOnce(1_000_000)
            let reason = environment.run().registers.rbx
            LocalAPIC.armPeriodic(0)
            sice_sti()
            for _ in 0..<8 { sice_pause() }
            sice_cli()
            if reason != ExitReason.hostInterrupt.rawValue { return }
        }
        attempt.expect(false, "never-ran")
    }

    /// Every port once, read and written; each must come back to the host as an exit, with the port's own number.
    private static func ports(_ attempt: inout Attempt) {
        do throws(ErrorCode) {
            let guest = try TinyGuest(at: WorkMemory.image)
            // mov $0, %edx; 1: in (%dx), %al; out %al, (%dx); inc %edx; jmp 1b
            guest.put(0xBA | 0xEC << 40 | 0xEE << 48 | 0xFF << 56, at: 0)
            guest.put(0xC2 | 0xFAEB << 8, at: 8)
            let environment = try guest.environment()
            var answer = environment.run()
            for port: UInt64 in 0..<0x1_0000 {
                attempt.expect(answer.registers.rbx, is: ExitReason.portRead.rawValue, "read-reached")
                attempt.expect(answer.registers.rcx & 0xFFFF, is: port, "read-port")
                answer = environment.run(0xFF)
                attempt.expect(answer.registers.rbx, is: ExitReason.portWrite.rawValue, "write-reached")
                answer = environment.run()
            }
            try environment.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    /// Some slices, each ended by a tick at the latest, which the host then takes.
    private static func run(_ environment: Environment) -> UInt64 {
        var reason: UInt64 = 0
        for slice: UInt64 in 0..<3 {
            LocalAPIC.armOnce(50_000)
            reason = environment.run(slice).registers.rbx
            if reason == ExitReason.crashed.rawValue || reason == ExitReason.exited.rawValue { break }
        }
        takeTick()
        return reason
    }

    /// Takes the timer's interrupt, and stops it.
    static func takeTick() {
        LocalAPIC.armPeriodic(0)
        sice_sti()
        for _ in 0..<8 { sice_pause() }
        sice_cli()
    }
}

/// Instructions that a kernel may use and a program may not, and some that load what they need.
enum PrivilegedCode {
    /// Eight bytes of code: one such instruction with random operands behind it, or noise.
    static func word(_ random: inout Random) -> UInt64 {
        // Little-endian: the first byte of the instruction is the lowest.
        let starts: InlineArray<32, UInt64> = [
            // VMRUN, VMMCALL, VMLOAD, VMSAVE, STGI, CLGI, SKINIT, INVLPGA
            0xD8_010F, 0xD9_010F, 0xDA_010F, 0xDB_010F, 0xDC_010F, 0xDD_010F, 0xDE_010F, 0xDF_010F,
            0xC8_010F, 0xC9_010F, 0xD0_010F, 0xD1_010F,  // MONITOR, MWAIT, XGETBV, XSETBV
            0x32_0F, 0x30_0F, 0x33_0F, 0xA2_0F,  // RDMSR, WRMSR, RDPMC, CPUID
            0x20_0F, 0x22_0F, 0x21_0F, 0x23_0F,  // moves of control and debug registers
            0x01_0F, 0x00_0F, 0xAE_0F, 0xC7_0F,  // tables, tasks, extended state
            0xAA_0F, 0x06_0F, 0x05_0F, 0x07_0F,  // RSM, CLTS, SYSCALL, SYSRET
            0xCF_48, 0xCD, 0xB9, 0xB8,  // IRETQ, INT, mov to ECX and EAX
        ]
        let noise = random.next()
        if noise & 7 == 0 { return random.next() }
        let start = starts[Int(random.next(below: 32))]
        let bits = start > 0xFFFF ? 24 : start > 0xFF ? 16 : 8
        return start | random.next() << UInt64(bits)
    }
}

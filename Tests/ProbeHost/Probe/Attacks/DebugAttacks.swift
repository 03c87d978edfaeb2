internal import CMachine
internal import CProbe
internal import SICEABI

/// Debug registers of guests, in every class of their values (T26, T29).
enum DebugAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                235, .exits, "debug-register-values", "T29",
                "a guest's value in a debug register of the CPU, of the host or of another guest, or one that strikes",
                .spoilt),
            values)
        runner.attack(
            Attack(
                236, .exits, "debug-registers-in-legacy-modes", "T29",
                "an access to a debug register outside of 64-bit code that does not end the environment",
                .spoilt),
            legacyModes)
    }

    /// Each bit alone, then all, none, halves, enable bits with all types and lengths, and reserved bits.
    private static let classes: UInt64 = 64 + 12
    private static func value(_ index: UInt64) -> UInt64 {
        guard index >= 64 else { return 1 << index }
        let others: InlineArray<12, UInt64> = [
            0, UInt64.max, 0xFFFF_FFFF, 0xFFFF_FFFF_0000_0000, 0x4AA, 0x455, 0xFFFF_07FF, 0xF0F0_04AA,
            0x3333_04AA, 0x2000, 0xFFFF_2BFF, 0xDC00,
        ]
        return others[Int(index - 64)]
    }

    /// What a guest reads back (AMD64 APM volume 2, §13.1.1); nil where the write is #GP, which a kernel without handlers does
    /// not survive. Without CR4.DE registers 4 and 5 are 6 and 7.
    private static func expected(_ register: UInt64, _ value: UInt64) -> UInt64? {
        switch register {
        case 0...3: value
        case _ where value >> 32 != 0: nil
        case 4, 6: value & 0xE00F | 0xFFFF_0FF0
        default: value & 0xFFFF_03FF | 0x400
        }
    }

    /// The host's own: two of them strike where the guests run, if they reach there.
    private static func setHost() {
        let addresses: InlineArray<4, UInt64> = [
            GuestImage.text + 0x800, GuestImage.data, 0x1111_2222_3333_4444, 0x5555_6666_7777_0000,
        ]
        unsafe addresses.span.withUnsafeBufferPointer { (buffer) in
            unsafe probe_set_breakpoints(buffer.baseAddress, 0x00F0_040F)
        }
    }

    private static func clearHost() {
        let addresses = InlineArray<4, UInt64>(repeating: 0)
        unsafe addresses.span.withUnsafeBufferPointer { (buffer) in
            unsafe probe_set_breakpoints(buffer.baseAddress, 0x400)
        }
    }

    /// Writes what the host passes to a register, reads it back, touches memory, yields what it read.
    private static func guest(_ register: UInt64) throws(ErrorCode) -> Environment {
        var program = try GuestProgram()
        // On the code and data of its loop, and on what a manager or a host would run.
        let start = program.place + 62
        let places: InlineArray<4, UInt64> = [
            start, GuestImage.data, Platform.found.smramBase + SMRAMLayout.entryPage, 0x100_0000,
        ]
        for index: UInt64 in 0..<4 {
            if index != register { program.setBreakpoint(index, at: places[Int(index)]) }
        }
        if register < 4 { program.enableBreakpoints(0x00F0_04FF) }
        program.loadRBX(0)
        guard program.place == start else { throw .invalidArgument }
        program.code(0x0F23C3 | register << 3, 3)  // mov %rbx, %drN
        program.code(0x0F21C3 | register << 3, 3)  // mov %drN, %rbx
        program.code(0x891C_2500_0003_00, 7)  // mov %ebx, 0x30000
        program.loadRAX(Service.yield.rawValue)
        program.code(0x0F01D9, 3)  // vmmcall
        program.jump(to: start)
        return try program.environment()
    }

    /// One that has values of its own, and yields 3 as long as they are as it wrote them.
    private static func witness() throws(ErrorCode) -> Environment {
        var program = try GuestProgram()
        for index: UInt64 in 0..<4 { program.setBreakpoint(index, at: 0x7000 + index) }
        let start = program.place
        program.loadRBX(0)
        for index: UInt64 in 0..<4 {
            program.code(0x0F21C0 | index << 3, 3)  // mov %drN, %rax
            program.code(0x4835_0070_0000, 6)  // xor $0x7000, %rax
            program.code(0x4809C3, 3)  // or %rax, %rbx
        }
        program.loadRAX(Service.yield.rawValue)
        program.code(0x0F01D9, 3)  // vmmcall
        program.jump(to: start)
        return try program.environment()
    }

    private static func values(_ attempt: inout Attempt) {
        var before = HostState(repeating: 0)
        do throws(ErrorCode) {
            let witness = try witness()
            attempt.expect(witness.run().registers.rcx, is: 3, "witness")
            setHost()
            RegisterCase.readState(&before)
            for register: UInt64 in 0..<8 where !attempt.isBroken {
                try tryAll(register, &attempt)
                attempt.expect(witness.run().registers.rcx, is: 3, "other-guest")
                expectHost(before, &attempt)
            }
            clearHost()
            try witness.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    /// A guest that a value ended leaves the next value to another.
    private static func tryAll(_ register: UInt64, _ attempt: inout Attempt) throws(ErrorCode) {
        var environment = try guest(register)
        _ = environment.run()
        for index in 0..<classes where !attempt.isBroken {
            let value = value(index)
            let answer = environment.run(value)
            if let expected = expected(register, value) {
                attempt.expect(answer.registers.rbx, is: ExitReason.yield.rawValue, "struck")
                attempt.expect(answer.registers.rcx, is: expected, "read-back")
            } else {
                attempt.expect(answer.registers.rbx, is: ExitReason.crashed.rawValue, "taken")
                attempt.expect(answer.registers.rcx, is: CrashCode.shutdown, "crash")
                try environment.destroy()
                environment = try guest(register)
                _ = environment.run()
            }
        }
        try environment.destroy()
    }

    private static func expectHost(_ before: HostState, _ attempt: inout Attempt) {
        var after = HostState(repeating: 0)
        RegisterCase.readState(&after)
        for index in before.indices {
            attempt.expect(before[index] == after[index], "host-state", UInt64(index))
        }
    }

    /// Compatibility, protected and real mode: each register, read and written, with values of 32 bits.
    private static func legacyModes(_ attempt: inout Attempt) {
        var before = HostState(repeating: 0)
        setHost()
        RegisterCase.readState(&before)
        do throws(ErrorCode) {
            for mode: UInt64 in 0..<3 {
                for register: UInt64 in 0..<8 {
                    try legacy(mode, 0x21, register, 0, &attempt)
                    for index in 0..<classes where value(index) >> 32 == 0 {
                        try legacy(mode, 0x23, register, value(index), &attempt)
                    }
                }
                expectHost(before, &attempt)
            }
        } catch { attempt.failed("setup", error) }
        clearHost()
        attempt.expectManager()
    }

    /// mov $value, %eax; then the access; then a yield, which must not be reached.
    private static func legacy(
        _ mode: UInt64, _ operation: UInt64, _ register: UInt64, _ value: UInt64, _ attempt: inout Attempt
    ) throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_modes, kind: .linuxGuest)
        let text = image.address + ABI.pageSize
        sice_write8(text + UInt64(probe_guest_modes_choice), UInt8(mode))
        // An operand size prefix in 16-bit code.
        var place = text + UInt64(mode == 2 ? probe_guest_modes_narrow + 1 : probe_guest_modes_wide)
        if mode == 2 { sice_write8(place - 1, 0x66) }
        sice_write8(place, 0xB8)
        sice_write32(place + 1, UInt32(truncatingIfNeeded: value))
        sice_write32(place + 5, UInt32(truncatingIfNeeded: 0xC0_000F | operation << 8 | register << 19))
        place += 8
        if mode == 2 {
            sice_write8(place, 0x66)
            place += 1
        }
        sice_write8(place, 0xB8)
        sice_write32(place + 1, UInt32(Service.yield.rawValue))
        sice_write32(place + 5, 0xD9_010F)
        let environment = try Environment(image)
        let answer = environment.run()
        attempt.expect(answer.registers.rbx, is: ExitReason.crashed.rawValue, "not-ended")
        attempt.expect(answer.registers.rcx, is: CrashCode.unreadableInstruction, "crash")
        try environment.destroy()
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

/// What a guest's kernel leaves in the CPU when it stops (T26, T29, T31): control registers, breakpoints, priorities,
/// exceptions without end.
enum GuestExitAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                230, .exits, "control-registers", "T29",
                "a guest's CR0 and CR4 stop the machine at an exit, or change the host", .spoilt),
            controlRegisters)
        runner.attack(
            Attack(
                231, .exits, "breakpoints", "T29",
                "a guest's breakpoint strikes in the manager, in another guest or in the host", .spoilt),
            breakpoints)
        runner.attack(
            Attack(
                232, .exits, "task-priority", "T26",
                "a guest's write to CR8 stops the machine or changes the host's priority", .spoilt),
            taskPriority)
        runner.attack(
            Attack(
                233, .exits, "endless-exceptions", "T31",
                "a guest that raises an exception for ever keeps the host's core", .spoilt),
            endlessExceptions)
        runner.attack(
            Attack(
                234, .exits, "task-register", "T29",
                "a guest's task register gives the manager a stack: memory of SMRAM changes", .spoilt),
            taskRegister)
    }

    /// How a guest may stop after it changed its mode: CPUID, OUT, HLT, an undefined instruction, an access outside.
    private static let stops: InlineArray<5, (UInt64, UInt64)> = [
        (0x0FA2_0FA2_F4, 5), (0xE680_F4, 3), (0xF4, 1), (0x0F0B, 2), (0xEBFE, 2),
    ]
    /// CR0: PG and PE clear; PE clear; WP, EM, TS, CD; paging on as it was.
    private static let cr0: InlineArray<6, UInt64> = [
        0x11, 0x10, 0x1F, 0x4001_001D, 0x8000_0011, 0x8005_003F,
    ]
    /// CR4: nothing; PAE; with OSXSAVE, PKE, SMEP, SMAP, UMIP, FSGSBASE, PCIDE; five levels.
    private static let cr4: InlineArray<6, UInt64> = [0, 0x20, 0x7720_20, 0x36_0620, 0x1620, 0x600]

    private static func controlRegisters(_ attempt: inout Attempt) {
        for first in cr0.indices {
            for second in cr4.indices {
                for stop in stops.indices { tryMode(cr0[first], cr4[second], stops[stop], &attempt) }
            }
        }
    }

    private static func tryMode(
        _ cr0: UInt64, _ cr4: UInt64, _ stop: (UInt64, UInt64), _ attempt: inout Attempt
    ) {
        runGuest(&attempt) { (program) in
            program.loadRBX(cr4)
            program.loadRAX(cr0)
            program.code(0x0F22C0, 3)  // mov %rax, %cr0
            program.code(0x0F22E3, 3)  // mov %rbx, %cr4
            program.code(stop.0, stop.1)
        }
    }

    /// Writes a kernel, runs it for a few slices, each of which the host's timer ends, and compares all that an SMI must
    /// not change.
    private static func runGuest(
        event: UInt64 = 0, _ attempt: inout Attempt, _ write: (inout GuestProgram) -> Void
    ) {
        var before = HostState(repeating: 0)
        var after = HostState(repeating: 0)
        do throws(ErrorCode) {
            var program = try GuestProgram()
            write(&program)
            let environment = try program.environment()
            RegisterCase.readState(&before)
            for slice in 0..<3 { runSlice(environment, slice == 0 ? event : 0, &attempt) }
            RegisterCase.readState(&after)
            try environment.destroy()
        } catch {
            attempt.failed("setup", error)
        }
        for index in before.indices {
            attempt.expect(before[index] == after[index], "host-state", UInt64(index))
        }
        expectManager(&attempt)
    }

    /// A fault of the manager would have ended the report key.
    private static func expectManager(_ attempt: inout Attempt) {
        let information = Information()
        attempt.expect(information.error, is: 0, "manager")
        attempt.expect(information.flags & PlatformFlags.reportKey != 0, "report-key")
    }

    private static func runSlice(_ environment: Environment, _ event: UInt64, _ attempt: inout Attempt) {
        // Long enough for a guest whose code nobody has translated yet, on a busy machine.
        LocalAPIC.armOnce(1_000_000)
        var call = Call(.run, environment.identifier, 0, event)
        let before = call.registers
        call.send()
        attempt.expect(call.changedHighRegisters(from: before), is: 0, "general-register")
        attempt.expect(
            call.error == 0 || call.error == UInt64(ErrorCode.wrongState.rawValue), "answer", call.error)
        sice_sti()
        for _ in 0..<8 { sice_pause() }
        sice_cli()
        LocalAPIC.armPeriodic(0)
    }

    /// Breakpoints on the entry stub, the fault entries, the manager's text and data, and the host's own code, for
    /// execution, writing and reading.
    private static func breakpoints(_ attempt: inout Attempt) {
        let platform = Platform()
        let stub = platform.smramBase + SMRAMLayout.entryPage
        let text = ManagerImageLayout.virtualBase
        let data = ManagerImageLayout.directMapBase + platform.smramBase + SMRAMLayout.coreDataPage
        let controls: InlineArray<4, UInt64> = [0x4AA, 0x1111_04AA, 0x3333_04AA, 0xFFFF_04AA]
        for index in controls.indices {
            for offset in UInt64(0)..<16 {
                tryBreakpoints(
                    [
                        stub + offset, SMRAMLayout.entryPage + offset, text + 0x100 + offset * 16,
                        data + offset * 64,
                    ],
                    controls[index], &attempt)
            }
            tryBreakpoints(
                [stub, SMRAMLayout.entryPage, text, probe_guests_start()], controls[index], &attempt)
        }
    }

    private static func tryBreakpoints(
        _ addresses: InlineArray<4, UInt64>, _ control: UInt64, _ attempt: inout Attempt
    ) {
        runGuest(&attempt) { (program) in
            for index in addresses.indices {
                program.setBreakpoint(UInt64(index), at: addresses[index])
            }
            program.enableBreakpoints(control)
            program.yieldForEver(0x5A)
        }
        for _ in 0..<20 { expectManager(&attempt) }
    }

    /// The guest keeps interrupts off, so that the host's interrupt waits while its priority changes.
    private static func taskPriority(_ attempt: inout Attempt) {
        for priority in UInt64(0)..<16 {
            runGuest(event: GuestEvent.valid | 0x30, &attempt) { (program) in
                program.loadRAX(priority)
                program.code(0x440F_22C0, 4)  // mov %rax, %cr8
                program.yieldForEver(0x5A)
            }
            runGuest(event: GuestEvent.valid | 0xF0, &attempt) { (program) in
                program.code(0x440F_20C0, 4)  // mov %cr8, %rax
                program.yieldForEver(0x5A)
            }
        }
    }

    /// The handler's stack is the same each time, so that nothing but the host's timer ends it: single steps that raise
    /// single steps, INT1, undefined instructions, and alignment checks.
    private static func endlessExceptions(_ attempt: inout Attempt) {
        let causes: InlineArray<4, (UInt64, UInt64)> = [
            (0x9C_4881_0C24_0001, 7), (0xF1, 1), (0x0F0B, 2), (0xCC, 1),
        ]
        for index in causes.indices {
            runGuest(&attempt) { (program) in
                program.loadTables(stack: 0x3_4000)
                program.code(causes[index].0, causes[index].1)
                if index == 0 { program.code(0x0000_9D90, 4) }  // …, popfq, nop
                program.startHandler()
                program.code(causes[index].0, causes[index].1)
                if index == 0 { program.code(0x0000_9D90, 4) }
            }
        }
    }

    /// Interrupt stack 1 over the core's save state, as the manager maps it, and breakpoints on every byte of the entry
    /// page's code, which holds VMRUN and what follows it.
    private static func taskRegister(_ attempt: inout Attempt) {
        let block = Platform().smramBase
        let stack = ManagerImageLayout.directMapBase + block + SMRAMLayout.saveStatePage + 0xF08
        for offset in stride(from: UInt64(0), to: 0x180, by: 4) {
            runGuest(&attempt) { (program) in
                program.loadTables(stack: stack)
                for index in UInt64(0)..<4 {
                    program.setBreakpoint(index, at: block + SMRAMLayout.entryPage + offset + index)
                }
                program.enableBreakpoints(0x4AA)
                program.yieldForEver(0x5A)
            }
        }
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

extension InitAttacks {
    /// What the guest has in all registers; the attacker's own never hold it.
    private static let secret: UInt64 = 0x5EC2_E75D_C3E6_5FC2
    /// A page below 1 MiB with code of its own for a started core, and where that stores registers.
    private static let page: UInt64 = 0x71
    private static let stored = page << 12 + 0x800

    /// In the order of their numbers: the low halves of RAX to RDI, stored by the core's first instructions; all of R8 to R15
    /// before compiled code uses them; the vector registers.
    static func general(_ attempt: inout Attempt) {
        repeatStrikes(&attempt) { (attempt) in
            for index: UInt64 in 0..<8 {
                let word = sice_read32(stored + index * 4)
                attempt.expect(word != UInt32(truncatingIfNeeded: secret), "low", index)
                let high = sice_read64(WorkMemory.arrivalVectors + 0x400 + index * 8)
                attempt.expect(high != secret, "high", index)
            }
        }
    }

    static func vectors(_ attempt: inout Attempt) {
        repeatStrikes(&attempt) { (attempt) in
            for index: UInt64 in 0..<16 {
                let word = sice_read64(WorkMemory.arrivalVectors + 160 + index * 16)
                attempt.expect(word != secret, "vector", index)
            }
        }
    }

    private static func repeatStrikes(
        _ attempt: inout Attempt, _ look: (inout Attempt) -> Void
    ) {
        let victim = InitVictim(&attempt)
        writeStart()
        var random = Random(seed: attempt.seed)
        for round in 0..<40 where !attempt.isBroken {
            do throws(ErrorCode) {
                let environment = try hoarder()
                begin(environment, isolates: round % 2 == 0, &attempt)
                Cores.pause(200_000 + Int(random.next(below: 3000)))
                victim.reboot(in: environment.identifier, page: UInt32(page), &attempt)
                look(&attempt)
                settle(environment, victim, &attempt)
                try environment.destroy()
            } catch { attempt.failed("setup", error) }
        }
        attempt.expectManager()
    }

    private static func begin(_ environment: Environment, isolates: Bool, _ attempt: inout Attempt) {
        guard isolates else {
            Cores.subject = environment.identifier
            return Cores.begin(.runForEver)
        }
        Cores.begin(.hold)
        attempt.expect(Cores.areHeld(1), "core-holds")
        var isolated = IsolatedRun(environment, core: 1)
        attempt.expect(isolated.launch(), is: 0, "launch")
    }

    /// The core's own next command tells the manager; only if INIT struck a guest, or found one running that it had to leave,
    /// does this attack mean anything.
    private static func settle(_ environment: Environment, _ victim: InitVictim, _ attempt: inout Attempt) {
        Cores.begin(.ask)
        attempt.expect(Cores.finish(only: 1) ?? UInt64.max, is: 0, "asked")
        stop(environment.identifier, &attempt)
        guard !victim.isHeld else { return }
        let record = Record(of: environment.identifier)
        attempt.expect(record?.crashCode ?? 0, is: CrashCode.coreReset, "not-thrown-out")
    }

    /// A guest that fills its registers and stays.
    private static func hoarder() throws(ErrorCode) -> Environment {
        var program = try GuestProgram()
        program.loadRAX(secret)
        for register: UInt64 in 1..<8 where register != 4 {
            program.code(0x4889C0 | register, 3)  // mov %rax, …
        }
        for register: UInt64 in 0..<8 { program.code(0x4989C0 | register, 3) }  // mov %rax, %r8 …
        for register: UInt64 in 0..<8 {
            program.code(0x66_480F_6EC0 | register << 3, 5)  // movq %rax, %xmm0 …
            program.code(0x66_4C0F_6EC0 | register << 3, 5)  // movq %rax, %xmm8 …
        }
        program.code(0xEBFE, 2)  // jmp .
        return try program.environment()
    }

    /// Stores the low halves of all general registers in real mode, then goes on as cores do (SDM vol. 2, MOV).
    private static func writeStart() {
        var next = page << 12
        for register: UInt64 in 0..<8 {
            // mov %e…, %cs:0x800 + 4 × register
            let bytes: InlineArray<6, UInt64> = [
                0x66, 0x2E, 0x89, 0x06 | register << 3, register * 4, 0x08,
            ]
            for index in bytes.indices {
                sice_write8(next, UInt8(truncatingIfNeeded: bytes[index]))
                next += 1
            }
        }
        // ljmp $0x7000, $0: where the page that others start at begins.
        sice_write8(next, 0xEA)
        sice_write32(next + 1, 0x7000_0000)
    }
}

internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// Guests of random privileged instructions (T26), many to a launch.
extension GuestAttacks {
    private static let guests: UInt64 = 100_000
    /// Exits without a new program, after which a guest counts as stuck; one by the timer counts as four.
    private static let patience = 12
    /// Exits of an environment at most.
    private static let limit = 1000

    static func randomCode(_ attempt: inout Attempt) {
        var random = Random(seed: attempt.seed)
        var before = HostState(repeating: 0)
        var after = HostState(repeating: 0)
        do throws(ErrorCode) {
            let witness = try Environment(GuestImage(at: WorkMemory.secondImage, entry: probe_guest_echo))
            attempt.expect(witness.run().registers.rcx, is: 1, "witness")
            let kernel = try TinyKernel()
            RegisterCase.readState(&before)
            var first: UInt64 = 0
            while first < guests, !attempt.isBroken {
                // Where it ended, should the machine end here.
                if first % 256 == 0 {
                    Console.main.write(decimal: first)
                    Console.main.endLine()
                }
                write(kernel, &random)
                try runAll(kernel, witness, &attempt)
                first += TinyKernel.programs
            }
            RegisterCase.readState(&after)
            for index in 0..<before.count {
                attempt.expect(before[index] == after[index], "host-state", UInt64(index))
            }
            try witness.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    private static func write(_ kernel: TinyKernel, _ random: inout Random) {
        kernel.reach(random.next() & 0xF_FFFF_F000)
        for program in 0..<TinyKernel.programs {
            for index in 0..<TinyKernel.words {
                kernel.put(PrivilegedCode.word(&random), index, of: program)
            }
        }
    }

    /// All programs of a kernel: one that ends its environment, or never ends, leaves the ones behind it to another.
    private static func runAll(
        _ kernel: TinyKernel, _ witness: Environment, _ attempt: inout Attempt
    ) throws(ErrorCode) {
        var next: UInt64 = 0
        while next < TinyKernel.programs {
            let environment = try kernel.environment(from: next)
            let isDone = run(environment, kernel)
            try environment.destroy()
            // The guest may have written anything there.
            let place = kernel.current
            let isPlace = place >= next && place < TinyKernel.programs
            let end = isDone ? TinyKernel.programs : isPlace ? place + 1 : next + 1
            attempt.count(end - next)
            next = end
            attempt.expect(witness.run(next).registers.rcx, is: next + 1, "witness")
        }
    }

    /// Whether it came to the kernel's end.
    private static func run(_ environment: Environment, _ kernel: TinyKernel) -> Bool {
        defer { takeTick() }
        var idle = 0
        var place = kernel.current
        for _ in 0..<limit where idle < patience {
            // An emulator takes long to translate code that is new each time.
            LocalAPIC.armOnce(500_000)
            let answer = environment.run(UInt64(idle))
            let reason = answer.registers.rbx
            if answer.error != 0 || reason == ExitReason.crashed.rawValue {
                return false
            }
            if reason == ExitReason.exited.rawValue {
                return answer.registers.rcx == TinyKernel.programs && kernel.current == TinyKernel.programs
            }
            takeTick()
            let cost = reason == ExitReason.hostInterrupt.rawValue ? 4 : 1
            idle = kernel.current == place ? idle + cost : 0
            place = kernel.current
        }
        return false
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

/// A reset while the manager does a command, each command in turn, at moments that the seed chooses (T01, T06).
enum CommandResetAttack {
    /// What the first core does, again and again, while the second one resets the machine.
    private enum Work: UInt64 {
        /// Creating, loading, sealing and destroying an environment.
        case life
        case run, report, reportKey, log, status
        /// Commands whose work is the second core's; there the first one resets, right behind its own part.
        case launch, kick, stop

        static let count = stop.rawValue + 1

        var isOfTheOtherCore: Bool { rawValue >= Work.launch.rawValue }
    }

    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                324, .resets, "reset-in-each-command", "T01",
                "a guest's words in the host's memory, or in a new environment, after a reset within a command",
                .resets), run)
    }

    private static let rounds: UInt64 = 2

    private static func run(_ attempt: inout Attempt) {
        let progress = Resets(of: 324)
        if progress.count > 0 { ResetAttacks.expectNothing(&attempt) }
        guard progress.count < Work.count * rounds, !attempt.isBroken,
            let work = Work(rawValue: progress.count % Work.count)
        else { return progress.forget() }
        var random = Random(seed: attempt.seed &+ progress.count)
        do throws(ErrorCode) {
            let filler = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_fill))
            attempt.expect(filler.run().registers.rcx, is: 1, "fill")
            progress.count(attempt.executions)
            if work.isOfTheOtherCore {
                try resetBehind(work, filler, random.next(below: 3000), &attempt)
            } else {
                let delay = 1000 + random.next(below: 50_000)
                attempt.expect(OtherCore.begin(.reset, delay), "core-start")
                // Far longer than until the reset.
                for _ in 0..<1_000_000 { try perform(work, filler) }
            }
            attempt.expect(false, "no-reset", work.rawValue)
        } catch { attempt.failed("setup", error) }
        progress.forget()
    }

    private static func perform(_ work: Work, _ filler: Environment) throws(ErrorCode) {
        let (nonce, output) = (WorkMemory.scratch, WorkMemory.target)
        switch work {
        case .life:
            let other = try Environment(GuestImage(sharedAt: WorkMemory.image))
            try other.destroy()
        case .run: _ = filler.run()
        case .report: _ = Call(.report, filler.identifier, nonce, output, 2048).sent()
        case .reportKey: _ = Call(.reportKey, output).sent()
        case .log:
            _ = Call(.readLog, 0, output).sent()
            _ = Call(.logBase, output).sent()
        case .status: _ = Call(.status, 0, output).sent()
        case .launch, .kick, .stop: throw .invalidArgument
        }
    }

    private static func resetBehind(
        _ work: Work, _ filler: Environment, _ delay: UInt64, _ attempt: inout Attempt
    ) throws(ErrorCode) {
        CoreAttacks.hold(&attempt)
        var isolated = IsolatedRun(filler, core: 1)
        attempt.expect(isolated.launch(), is: 0, "launch")
        if work != .launch {
            attempt.expect(isolated.exit() != nil, "no-exit")
            if work == .kick { attempt.expect(isolated.waits(for: .asleep), "sleep") }
            _ = Call(work == .kick ? .kick : .stop, filler.identifier).sent()
        }
        guard !attempt.isBroken else { return }
        Cores.pause(Int(delay))
        sice_out8(0xCF9, 0x06)
        Cores.pause(100_000_000)
    }
}

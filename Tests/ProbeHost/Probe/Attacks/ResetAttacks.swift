internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// How far an attack came that resets the machine: words that a reset leaves in RAM. The attacker's own memory is all
/// that they speak of; where a platform clears it, the attack begins anew and never ends, and that is broken.
struct Resets {
    private static let words = WorkMemory.resetMark + 0x40
    private let mark: UInt64
    /// Resets so far, and what was tried in boots before this one.
    let count: UInt64
    let executions: UInt64

    init(of number: UInt64) {
        mark = ABI.requestMagic ^ number << 8
        let isGoingOn = sice_read64(Self.words) == mark
        count = isGoingOn ? sice_read64(Self.words + 8) : 0
        executions = isGoingOn ? sice_read64(Self.words + 16) : 0
    }

    /// Remembers one more.
    func count(_ executions: UInt64) {
        sice_write64(Self.words + 8, count + 1)
        sice_write64(Self.words + 16, executions)
        sice_write64(Self.words, mark)
    }

    func forget() { sice_write64(Self.words, 0) }
}

/// Resets in the middle of the manager's work: memory keeps its bytes then (T01, T06).
enum ResetAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                320, .resets, "reset-control", "T01",
                "a guest's words in the host's memory, or in a new environment, after a reset by port 0xCF9",
                .resets
            )
        ) { (attempt) in run(320, &attempt) { sice_out8(0xCF9, 0x06) } }
        runner.attack(
            Attack(
                321, .resets, "keyboard-controller", "T01",
                "the same after a reset by the keyboard controller", .resets)
        ) { (attempt) in run(321, &attempt) { sice_out8(0x64, 0xFE) } }
    }

    /// One reset in each kind of work.
    private static let resets: UInt64 = 5

    static func run(_ number: UInt64, _ attempt: inout Attempt, _ reset: () -> Void) {
        let progress = Resets(of: number)
        if progress.count > 0 { expectNothing(&attempt) }
        guard progress.count < resets, !attempt.isBroken else { return progress.forget() }
        do throws(ErrorCode) {
            try plant(progress.count, &attempt)
            var random = Random(seed: attempt.seed &+ progress.count)
            Cores.pause(100_000 + Int(random.next(below: 100_000)))
            guard !attempt.isBroken else { return progress.forget() }
            progress.count(attempt.executions)
            reset()
            Cores.pause(100_000_000)
            attempt.expect(false, "no-reset")
        } catch { attempt.failed("setup", error) }
        progress.forget()
    }

    /// SMRAM is not looked at before the firmware closes it: no attacker runs then. Its pages come to new environments.
    static func expectNothing(_ attempt: inout Attempt) {
        EnvironmentAttacks.search(&attempt)
        do throws(ErrorCode) {
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_look)
            for _ in 0..<ABI.maximumEnvironments - 1 {
                let looker = try Environment(image)
                let answer = looker.run()
                attempt.expect(answer.registers.rbx, is: ExitReason.yield.rawValue, "look")
                attempt.expect(answer.registers.rcx, is: 0, "remains")
            }
        } catch { attempt.failed("setup", error) }
        CommandAttacks.clean()
        attempt.expectManager()
    }

    /// An environment with a secret, and the other core in the midst of: loading and sealing, a slice, a report, a stay in
    /// multi-core mode, a whole life.
    private static func plant(_ phase: UInt64, _ attempt: inout Attempt) throws(ErrorCode) {
        let filler = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_fill))
        attempt.expect(filler.run().registers.rcx, is: 1, "fill")
        Cores.subject = filler.identifier
        switch phase {
        case 0: begin(.buildForEver, &attempt)
        case 1: begin(.runForEver, &attempt)
        case 2: attempt.expect(OtherCore.begin(.report, filler.identifier), "core-start")
        case 3:
            CoreAttacks.hold(&attempt)
            var isolated = IsolatedRun(filler, core: 1)
            attempt.expect(isolated.launch(), is: 0, "launch")
            attempt.expect(isolated.exit() != nil, "no-exit")
        default: begin(.churn, &attempt)
        }
    }

    static func begin(_ job: Cores.Job, _ attempt: inout Attempt) {
        let subject = Cores.subject
        attempt.expect(Cores.start(1), is: 1, "core-start")
        Cores.subject = subject
        Cores.begin(job)
    }
}

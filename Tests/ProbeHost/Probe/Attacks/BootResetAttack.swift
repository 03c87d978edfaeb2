internal import CMachine
internal import CProbe
internal import SICEABI

/// Resets in each phase of boot, while what the boot before had in SMRAM may still be there (T01, T06).
///
/// Nobody attacks from within then: `sice-attest red-team` resets the machine from outside, whenever its firmware says
/// how far it came.
enum BootResetAttack {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                325, .resets, "reset-in-each-phase-of-boot", "T01",
                "a guest's words in the host's memory, or in a new environment, after boots that were cut short",
                .interrupted), run)
    }

    private static func run(_ attempt: inout Attempt) {
        let progress = Resets(of: 325)
        guard progress.count == 0 else {
            ResetAttacks.expectNothing(&attempt)
            return progress.forget()
        }
        do throws(ErrorCode) {
            let filler = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_fill))
            attempt.expect(filler.run().registers.rcx, is: 1, "fill")
            ResetAttacks.begin(.buildForEver, &attempt)
            guard !attempt.isBroken else { return progress.forget() }
            progress.count(attempt.executions)
            sice_out8(0xCF9, 0x06)
            Cores.pause(100_000_000)
            attempt.expect(false, "no-reset")
        } catch { attempt.failed("setup", error) }
        progress.forget()
    }
}

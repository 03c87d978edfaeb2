internal import CProbe
internal import SICEABI

/// Commands of two cores at the same moment, each of which changes the manager's state (T12).
extension CoreAttacks {
    private static let rounds = 300

    static func showLock(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                306, .cores, "commands-of-two-cores", "T12",
                "an environment of one core that another core's commands harm, or pages that are lost"),
            together)
    }

    /// Both cores create, load, seal and destroy environments of their own.
    private static func together(_ attempt: inout Attempt) {
        let free = Information().freePages
        do throws(ErrorCode) {
            _ = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
            guard OtherCore.begin(.build) else { throw .noManager }
            for _ in 0..<rounds where !attempt.isBroken {
                attempt.expect(Cores.churn(rounds: 1, runs: 0), is: 0, "own-environment")
            }
            attempt.expect(OtherCore.stop() ?? UInt64.max, is: 0, "other-environment")
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
        attempt.expect(Information().freePages, is: free, "lost-pages")
    }
}

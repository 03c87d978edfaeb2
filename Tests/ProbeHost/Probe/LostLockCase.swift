internal import CMachine
internal import CProbe
internal import SICEABI

/// A core that INIT throws out while it holds the manager's lock (T11): others are told so after a bounded wait, and
/// when it comes back, the manager ends everything, for nobody knows what it left half done. Where INIT waits, no command is cut.
enum LostLockCase {
    static func run(_ results: inout Results) {
        let isHeld = Posture.holdsInit
        do throws(ErrorCode) {
            results.check("lostLock", "started", expected: 1, found: Cores.start(1))
            let environment = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            results.check("lostLock", "first", expected: 1, found: environment.run().registers.rcx)
            let victim = Cores.identifier(of: 1)
            guard !isHeld else { return cutNone(victim, environment, &results) }
            let arrival = throwOutOfACommand(victim, &results)
            Cores.begin(.ask)
            Cores.restart(victim)
            results.check("lostLock", "asked", expected: 0, found: Cores.finish(only: arrival) ?? UInt64.max)
            let information = Information()
            results.check("lostLock", "info", expected: 0, found: information.error)
            results.check("lostLock", "keyIsGone", information.flags & PlatformFlags.reportKey == 0)
            results.refused("lostLock", "run", Call(.run, environment.identifier), .managerFault)
            let record = Record(of: environment.identifier)
            results.check("lostLock", "dead", record?.state == LifecycleState.dead.rawValue)
        } catch {
            results.check("lostLock", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    private static func cutNone(_ victim: UInt32, _ environment: Environment, _ results: inout Results) {
        for arrival: UInt64 in 2...7 {
            Cores.begin(.buildForEver)
            Cores.pause(50_000 + Int(arrival) * 1237)
            LocalAPIC.sendInit(to: victim)
            Cores.begin(.ask)
            results.check("lostLock", "restarted", Cores.restart(victim, until: arrival))
            results.check("lostLock", "asked", expected: 0, found: Cores.finish(only: arrival) ?? UInt64.max)
        }
        results.check("lostLock", "keyStays", Information().flags & PlatformFlags.reportKey != 0)
        results.check("lostLock", "runs", expected: 8, found: environment.run(7).registers.rcx)
    }

    /// Building is nearly all hashing under the lock, so that few tries are needed. Returns the number that the core
    /// arrives with next.
    private static func throwOutOfACommand(_ victim: UInt32, _ results: inout Results) -> UInt64 {
        for arrival: UInt64 in 2...9 {
            Cores.begin(.buildForEver)
            Cores.pause(50_000 + Int(arrival) * 1237)
            LocalAPIC.sendInit(to: victim)
            Cores.pause(100_000)
            let error = Information().error
            if error != 0 {
                results.check(
                    "lostLock", "told", expected: UInt64(ErrorCode.againLater.rawValue), found: error)
                return arrival
            }
            Cores.begin(.ask)
            Cores.restart(victim)
            _ = Cores.finish(only: arrival)
        }
        results.check("lostLock", "told", false)
        return 10
    }
}

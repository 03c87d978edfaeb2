internal import CMachine
internal import CProbe
internal import SICEABI

extension InitAttacks {
    /// INIT just before a launch, whose SMI then finds a core in wait for SIPI, or just behind it, where it may remove that
    /// SMI; sometimes SIPI follows at once. A second INIT brings the core back: left to itself, one that got its SMI in wait
    /// for SIPI would go on at the reset vector and start the firmware again.
    static func aroundLaunch(_ attempt: inout Attempt) {
        repeatLives(150, &attempt) { (environment, victim, random, attempt) in
            cross(environment, victim, &random, &attempt)
            attempt.expect(comesBack(victim, environment, &attempt), "core-lost")
            // Else the core's own next request is the arrival that a launch without its SMI still waits for.
            _ = Call(.stop, environment.identifier).sent()
        }
    }

    private static func cross(
        _ environment: Environment, _ victim: InitVictim, _ random: inout Random, _ attempt: inout Attempt
    ) {
        var isolated = IsolatedRun(environment, core: 1)
        let comesFirst = random.next(below: 2) == 0
        if comesFirst { LocalAPIC.sendInit(to: victim.identifier) }
        Cores.pause(Int(random.next(below: 300)))
        attempt.expect(isolated.launch(), is: 0, "launch")
        Cores.pause(Int(random.next(below: 300)))
        if !comesFirst { LocalAPIC.sendInit(to: victim.identifier) }
        if random.next(below: 2) == 0 { Cores.restart(victim.identifier) }
        Cores.pause(Int(random.next(below: 5000)))
    }

    /// A core that does not run for a while takes two INITs for one, and starts with a SIPI that was sent between them: it
    /// has arrived before it is waited for, and gets one more INIT.
    private static func comesBack(
        _ victim: InitVictim, _ environment: Environment, _ attempt: inout Attempt
    ) -> Bool {
        for _ in 0..<50 {
            victim.strike(in: nil, &attempt)
            // It may be in SMM by now, or not hear of its launch before its start-up.
            if victim.isHeld { _ = Call(.stop, environment.identifier).sent() }
            Cores.restart(victim.identifier)
            for _ in 0..<200 {
                if Cores.hasArrived(victim.identifier, as: 1) { return true }
                Cores.pause(10_000)
            }
        }
        return false
    }
}

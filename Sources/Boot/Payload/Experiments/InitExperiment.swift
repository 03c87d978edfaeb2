internal import CMachine
internal import CPayload
internal import Installation
internal import SICEABI

/// INIT to a core that counts in SMM: in its handler, then in a guest of that handler, as the manager's guests run.
enum InitExperiment {
    /// Tries it on the last core, which is started again if it was reset. Throws `bootCoreLost` when it does not come back.
    static func run(_ cores: Cores, clock: Clock) throws(ErrorCode) -> PostureValue {
        guard cores.count > 1 else { return .unknown }
        GuestExperiments.prepare()
        let inHandler = try observe(UInt32(SICE_TRIAL_IN_HANDLER), cores, clock)
        // A core that nothing holds in its handler needs no second try, which costs the boot another restart.
        guard inHandler == .present else { return inHandler }
        return try observe(UInt32(SICE_TRIAL_IN_GUEST), cores, clock)
    }

    private static func observe(
        _ place: UInt32, _ cores: Cores, _ clock: Clock
    ) throws(ErrorCode) -> PostureValue {
        let core = cores.count - 1
        ExperimentMemory.reset()
        ExperimentMemory.write(SICE_TRIAL_HOLD, place)
        LocalAPIC.sendSMI(to: cores.identifiers[core])
        guard counts(clock, milliseconds: 100) else {
            ExperimentMemory.write(SICE_TRIAL_HOLD, 0)
            guard cores.isExecuting(core, clock: clock) else { throw .bootCoreLost }
            return .unknown
        }
        var seen = InitObservation()
        let sent = clock.now
        LocalAPIC.sendInit(to: cores.identifiers[core])
        clock.wait(microseconds: 2000)
        ExperimentMemory.write(SICE_TRIAL_HOLD, 0)
        clock.wait(microseconds: 10_000, since: sent)
        seen.wasReset = try cores.restart(core)
        seen.isDone = ExperimentMemory.read(SICE_TRIAL_DONE) == 1
        return seen.value
    }

    /// Whether the counter moves, after at most so long.
    private static func counts(_ clock: Clock, milliseconds: Int) -> Bool {
        let before = ExperimentMemory.read(SICE_TRIAL_COUNT)
        for _ in 0..<milliseconds * 100 {
            if ExperimentMemory.read(SICE_TRIAL_COUNT) != before { return true }
            clock.wait(microseconds: 10)
        }
        return false
    }
}

internal import CMachine
internal import CPayload
internal import Installation
internal import SICEABI

/// INIT to a core that counts in SMM.
enum InitExperiment {
    /// Tries it on the last core, which is started again if it was reset. Throws `bootCoreLost` when it does not come back.
    static func run(_ cores: Cores, clock: Clock) throws(ErrorCode) -> PostureValue {
        guard cores.count > 1 else { return .unknown }
        let core = cores.count - 1
        ExperimentMemory.reset()
        ExperimentMemory.write(SICE_TRIAL_HOLD, 1)
        LocalAPIC.sendSMI(to: cores.identifiers[core])
        guard counts(clock, milliseconds: 100) else {
            ExperimentMemory.write(SICE_TRIAL_HOLD, 0)
            guard cores.isExecuting(core, clock: clock) else { throw .bootCoreLost }
            return .unknown
        }
        var seen = InitObservation()
        seen.isRedirected = sice_rdmsr(0xC001_0114) & 1 << 1 != 0
        let sent = clock.now
        LocalAPIC.sendInit(to: cores.identifiers[core])
        seen.countedOn = countsOn(clock)
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

    /// Whether it still moves 2 ms later: until then, an INIT that is not held has struck.
    private static func countsOn(_ clock: Clock) -> Bool {
        clock.wait(microseconds: 2000)
        return counts(clock, milliseconds: 1)
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

/// The core that attacks send INIT to, the first that was started. Where that throws it out of SMM, it is back with a start-up;
/// where INIT waits, it must be brought out first.
struct InitVictim {
    let identifier: UInt32
    /// The manager's own report says that INIT waits until the core leaves SMM.
    let isHeld: Bool

    /// Starts the core.
    init(_ attempt: inout Attempt) {
        isHeld = Posture.holdsInit
        attempt.expect(Cores.start(1), is: 1, "core-start")
        identifier = Cores.identifier(of: 1)
    }

    /// Sends INIT, looks whether SMRAM is closed, and forgets that the core ever came. Where INIT waits, brings it out of
    /// `environment`, which must be as it was.
    func strike(in environment: UInt64?, _ attempt: inout Attempt) {
        LocalAPIC.sendInit(to: identifier)
        Cores.pause(5000)
        let seen = SMRAMAttacks.visible(Platform.found)
        attempt.expect(seen == nil, "smram-open", seen ?? 0)
        Cores.forget()
        guard isHeld, let environment else { return }
        // An interrupt ends a slice; a stop, multi-core mode.
        LocalAPIC.sendInterrupt(to: identifier)
        InitAttacks.stop(environment, &attempt)
        attempt.expect(Record(of: environment)?.crashCode ?? 0, is: 0, "harmed")
    }

    /// The same, and has the core arrive anew as number 1, at a page of its own or where cores start.
    func reboot(in environment: UInt64?, page: UInt32? = nil, _ attempt: inout Attempt) {
        strike(in: environment, &attempt)
        attempt.expect(Cores.restart(identifier, page: page, until: 1), "core-lost")
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

/// An environment on a core of its own, seen from the host: the exchange page and the three commands.
struct IsolatedRun {
    let environment: Environment
    /// Number of the core as it arrived (``Cores``), from 1.
    let core: UInt64
    /// The last exit that was answered.
    private var answered: UInt32 = 0

    private let page: UInt64

    /// `page` is the exchange page, one of the core's own by default.
    init(_ environment: Environment, core: UInt64, page: UInt64? = nil) {
        self.environment = environment
        self.core = core
        self.page = page ?? WorkMemory.exchange + core * ABI.pageSize
    }

    /// Launches; the error of the command.
    mutating func launch() -> UInt64 {
        answered = 0
        sice_clear_words(page, UInt64(ExchangeLayout.size / 8))
        return Call(.launch, environment.identifier, UInt64(Cores.identifier(of: core)), page).sent().error
    }

    var state: UInt32 { sice_read32(page + UInt64(ExchangeLayout.state)) }

    struct Exit {
        let reason: UInt64
        let first: UInt64
        let second: UInt64
    }

    private var posted: UInt32 { sice_read32(page + UInt64(ExchangeLayout.sequence)) }
    /// Whether an exit was posted that was not answered yet.
    var hasExit: Bool { posted != answered }

    /// Waits for the newest exit that was not answered yet; nil when none comes for a long time.
    func exit() -> Exit? {
        for _ in 0..<200_000_000 {
            if hasExit {
                return Exit(
                    reason: UInt64(sice_read32(page + UInt64(ExchangeLayout.reason))),
                    first: sice_read64(page + UInt64(ExchangeLayout.firstOperand)),
                    second: sice_read64(page + UInt64(ExchangeLayout.secondOperand)))
            }
            sice_pause()
        }
        return nil
    }

    /// Waits until the core shows a state; false when it does not for a long time.
    func waits(for state: ExchangeState) -> Bool {
        for _ in 0..<200_000_000 {
            if self.state == state.rawValue { return true }
            sice_pause()
        }
        return false
    }

    /// Waits until the core has posted an exit and waits for its answer; false when it does not for a long time. The state is
    /// looked at last: the core shows that it runs before the guest does, whose own writes may look like an exit.
    func waitsForAnswer() -> Bool {
        for _ in 0..<200_000_000 {
            if hasExit, isWaiting { return true }
            sice_pause()
        }
        return false
    }

    private var isWaiting: Bool {
        let state = state
        return state == ExchangeState.waiting.rawValue || state == ExchangeState.asleep.rawValue
    }

    /// Answers the last exit, and wakes the core when it sleeps.
    mutating func answer(_ input: UInt64) {
        answered = posted
        sice_write64(page + UInt64(ExchangeLayout.input), input)
        sice_write32(page + UInt64(ExchangeLayout.answered), answered)
        if state == ExchangeState.asleep.rawValue { _ = Call(.kick, environment.identifier).sent() }
    }

    /// Stops; false when the core does not come back.
    func stop() -> Bool {
        for _ in 0..<100_000 {
            let answer = Call(.stop, environment.identifier).sent()
            guard answer.error == 0 else { return false }
            if answer.registers.rbx == 0 { return true }
            Cores.pause(1000)
        }
        return false
    }
}

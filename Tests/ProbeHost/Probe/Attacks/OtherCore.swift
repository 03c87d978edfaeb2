internal import CMachine
internal import CProbe
internal import SICEABI

/// What attacks have the second core do. It is started once a boot.
enum OtherCore {
    /// A piece of work; its arguments are ``first`` and ``second``.
    enum Work: UInt64 {
        /// Reads, writes and executes every page of SMRAM.
        case touchSMRAM = 1
        /// Lays its local APIC's registers over `first`, asks for `INFO`, and puts them back.
        case coverAndAsk = 2
        /// Writes two bytes to `first` in turns, until ``stop()``.
        case flip = 3
        /// Sends random commands until ``stop()``; `first` is the seed.
        case ask = 4
        /// Asks for reports of `first` without end.
        case report = 5
        /// Its part of ``Fuzz``, until ``stop()``; `first` is the seed. Counts its SMIs in `second`.
        case fuzz = 6
        /// Resets the machine after `first` pauses.
        case reset = 7
        /// Creates and destroys environments until ``stop()``.
        case build = 8
    }

    private static let base = WorkMemory.traps + 0x500
    private static var work: UInt64 {
        get { sice_read64(base) }
        set { sice_write64(base, newValue) }
    }
    static var first: UInt64 {
        get { sice_read64(base + 8) }
        set { sice_write64(base + 8, newValue) }
    }
    static var second: UInt64 {
        get { sice_read64(base + 16) }
        set { sice_write64(base + 16, newValue) }
    }
    private static var isStopped: Bool {
        get { sice_read64(base + 24) != 0 }
        set { sice_write64(base + 24, newValue ? 1 : 0) }
    }
    /// Number of the core as it arrived; 0 before it was started.
    fileprivate static var arrival: UInt64 {
        get { sice_read64(base + 32) }
        set { sice_write64(base + 32, newValue) }
    }

    /// How often it wrote both bytes of ``Work/flip``.
    private(set) static var turns: UInt64 {
        get { sice_read64(base + 40) }
        set { sice_write64(base + 40, newValue) }
    }

    static var identifier: UInt32 { Cores.identifier(of: arrival) }

    /// Starts the core if need be, and gives it work. False when it does not come.
    static func begin(_ work: Work, _ first: UInt64 = 0, _ second: UInt64 = 0) -> Bool {
        if arrival == 0 {
            guard Cores.start(1) == 1 else { return false }
            arrival = 1
        }
        Self.work = work.rawValue
        Self.first = first
        Self.second = second
        isStopped = false
        Cores.begin(.attack)
        return true
    }

    /// Waits until it is done; the things that it found wrong, nil when it never is.
    static func finish() -> UInt64? { Cores.finish(only: arrival) }

    /// The same for work without an end.
    static func stop() -> UInt64? {
        isStopped = true
        return finish()
    }

    /// Throws it out of whatever it does, SMM included, and lets it arrive anew, with nothing to do.
    static func restart() -> Bool {
        let identifier = identifier
        LocalAPIC.sendInit(to: identifier)
        Cores.pause(100_000)
        arrival += 1
        work = 0
        return Cores.restart(identifier, until: arrival)
    }

    /// Runs on the other core.
    static func perform() -> UInt64 {
        switch Work(rawValue: work) {
        case .touchSMRAM: return touchSMRAM()
        case .coverAndAsk: return coverAndAsk()
        case .flip: return flip()
        case .ask: return ask()
        case .report:
            while true {
                _ = Call(.report, first, WorkMemory.target, WorkMemory.target + 0x1000, 2048).sent()
            }
        case .fuzz: return fuzz()
        case .build: return build()
        case .reset:
            Cores.pause(Int(first))
            sice_out8(0xCF9, 0x06)
            return 0
        case nil: return 0
        }
    }

    private static func touchSMRAM() -> UInt64 {
        var attempt = Attempt(seed: 0)
        SMRAMAttacks.touchEveryPage(&attempt)
        return attempt.isBroken ? 1 : 0
    }

    private static func coverAndAsk() -> UInt64 {
        let original = sice_rdmsr(0x1B)
        sice_wrmsr(0x1B, first | original & 0xFFF)
        let answer = Call(.info).sent()
        sice_wrmsr(0x1B, original)
        return answer.error == Call.noAnswer ? 0 : 1
    }

    private static func flip() -> UInt64 {
        let low = UInt8(truncatingIfNeeded: second)
        let high = UInt8(truncatingIfNeeded: second >> 8)
        let address = first
        while !isStopped {
            for _ in 0..<100 {
                sice_write8(address, low)
                for _ in 0..<20 { sice_pause() }
                sice_write8(address, high)
                for _ in 0..<20 { sice_pause() }
                turns &+= 1
            }
        }
        return 0
    }

    private static func build() -> UInt64 {
        var failures: UInt64 = 0
        while !isStopped { failures += Cores.churn(rounds: 1, runs: 0) }
        return failures
    }

    private static func fuzz() -> UInt64 {
        var fuzz = Fuzz(seed: first, core: 1)
        let before = FuzzAttacks.taken
        while !isStopped {
            fuzz.step()
            second = FuzzAttacks.taken - before
        }
        return fuzz.wrong + fuzz.differences()
    }

    private static func ask() -> UInt64 {
        var random = Random(seed: first)
        var wrong: UInt64 = 0
        while !isStopped {
            let call = RandomCommand.make(&random)
            let answer = call.sent()
            if answer.error == Call.noAnswer || answer.error == UInt64(ErrorCode.managerFault.rawValue) {
                wrong += 1
            }
        }
        return wrong
    }
}

extension OtherCore {
    /// Whether the present work ends within some hundred milliseconds.
    static func isDoneSoon() -> Bool { Cores.isDone(arrival, after: 100) }
}

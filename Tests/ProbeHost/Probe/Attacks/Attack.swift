internal import SICEABI

/// One attack: a row of the catalogue (``Catalogue``), beside which stands the program that tries it.
struct Attack {
    /// Attacks of a group share boots.
    enum Group {
        case smram, windows, devices, commands, environments, modes, exits, cores, resets, fuzz

        var name: StaticString {
            switch self {
            case .smram: "smram"
            case .windows: "windows"
            case .devices: "devices"
            case .commands: "commands"
            case .environments: "environments"
            case .modes: "modes"
            case .exits: "exits"
            case .cores: "cores"
            case .resets: "resets"
            case .fuzz: "fuzz"
            }
        }
    }

    /// What an attack may do to the machine that it runs on.
    enum Aftermath {
        /// The machine is as good as before: other attacks may follow in the same boot.
        case none
        /// The next attack needs a machine of its own.
        case spoilt
        /// The same, and the emulator is known to die by a signal under it, by a defect of its own: that reads as just
        /// that. A machine that stops, resets or hangs is broken.
        case mayEndEmulator
        /// It resets the machine and goes on in the next boot; nothing may follow.
        case resets
        /// The same by a sleep and a wake. A reset ends its machine.
        case sleeps
        /// The machine is reset from outside in each phase of its next boots; then the attack looks around.
        case interrupted
    }

    /// A001 is 1; never given to another attack.
    let number: UInt64
    let group: Group
    /// Words with hyphens.
    let name: StaticString
    /// Row of SECURITY.md's table of threats.
    let threat: StaticString
    /// What one would see if it came through.
    let success: StaticString
    let aftermath: Aftermath
    /// The protection whose absence, said by the platform's own report, excuses a success.
    let excuse: PostureClaim?

    init(
        _ number: UInt64, _ group: Group, _ name: StaticString, _ threat: StaticString,
        _ success: StaticString,
        _ aftermath: Aftermath = .none, excuse: PostureClaim? = nil
    ) {
        self.number = number
        self.group = group
        self.name = name
        self.threat = threat
        self.success = success
        self.aftermath = aftermath
        self.excuse = excuse
    }
}

/// What an attack did and saw.
struct Attempt {
    /// Of all random choices; a run with the same seed is the same run.
    let seed: UInt64
    /// Things tried.
    private(set) var executions: UInt64 = 0
    private(set) var isBroken = false
    /// What was seen first that may not be, and a number that says more.
    private(set) var detail: StaticString = "-"
    private(set) var value: UInt64 = 0

    /// One that was tried `executions` times in boots before this one.
    init(seed: UInt64, after executions: UInt64 = 0) {
        self.seed = seed
        self.executions = executions
    }

    /// Counts one thing tried, and whether the promise held.
    mutating func expect(_ holds: Bool, _ what: StaticString, _ value: UInt64 = 0) {
        executions += 1
        LifeSign.give()
        guard !holds, !isBroken else { return }
        isBroken = true
        detail = what
        self.value = value
    }

    /// Counts things tried that were judged elsewhere.
    mutating func count(_ more: UInt64) {
        executions += more
        LifeSign.give()
    }

    /// The same as ``expect(_:_:_:)`` for something that must be one value.
    mutating func expect(_ found: UInt64, is expected: UInt64, _ what: StaticString) {
        expect(found == expected, what, found)
    }

    /// The attack could not be made: that shows nothing, so nothing held.
    mutating func failed(_ what: StaticString, _ error: ErrorCode) {
        expect(false, what, UInt64(error.rawValue))
    }
}

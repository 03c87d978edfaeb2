public import MachineRunner
public import SICEABI

/// What came of an attack.
public enum Outcome: String, Sendable {
    case held
    case broken
    /// It came through, and the platform's own report says that it does not have the protection.
    case notProvided = "not provided by this platform"
    /// What it needs was not there. Says nothing about the machine: neither held nor broken.
    case notTried = "not tried"
    /// The emulator died or got stuck, whose defect is known; what the machine would have done, nobody saw.
    case emulatorDied = "the emulator died"

    /// The one rule.
    ///
    /// - Parameters:
    ///   - answer: What the attack said; nil when its machine ended or hung before it could.
    ///   - end: How that machine ended.
    ///   - posture: What the platform's signed report says. A claim that it does not name excuses nothing.
    public init(
        of row: AttackRow, _ answer: AttackTranscript.Answer?, posture: [PostureClaim: PostureValue],
        end: MachineEnd? = nil
    ) {
        switch answer {
        case .some(let answer) where !answer.isBroken: self = .held
        case .none where row.aftermath == .endsEmulator && end?.isOfEmulator == true: self = .emulatorDied
        default:
            let value = row.excuse.flatMap { posture[$0] }
            self = value == .absent || value == .unknown ? .notProvided : .broken
        }
    }
}

/// An attack and what came of it.
public struct AttackResult: Equatable, Sendable {
    public let row: AttackRow
    public private(set) var outcome: Outcome
    public private(set) var executions: UInt64
    public private(set) var detail: String
    /// Whether the attack itself said what it saw.
    public let isAnswered: Bool
    /// How the machine of its boot ended; nil where root of Linux or a verifier attacks.
    public let end: MachineEnd?

    public init(
        _ row: AttackRow, _ answer: AttackTranscript.Answer?, posture: [PostureClaim: PostureValue],
        end: MachineEnd? = nil
    ) {
        self.row = row
        self.end = end
        isAnswered = answer != nil
        outcome = Outcome(of: row, answer, posture: posture, end: end)
        executions = answer?.executions ?? 0
        detail = answer?.detail ?? end.map { "machine-stopped \($0)" } ?? "machine-stopped"
    }

    init(_ row: AttackRow, _ outcome: Outcome, executions: UInt64 = 1, detail: String) {
        self.row = row
        end = nil
        isAnswered = true
        self.outcome = outcome
        self.executions = outcome == .notTried ? 0 : executions
        self.detail = detail
    }

    /// Adds another round; what was seen first that may not be stays.
    mutating func add(_ other: AttackResult) {
        executions += other.executions
        guard outcome == .held else { return }
        outcome = other.outcome
        detail = other.detail
    }
}

public import SICEABI

/// A row of the attacker's catalogue, as it tells it.
public struct AttackRow: Equatable, Sendable {
    /// What it may do to its machine.
    public enum Aftermath: String, Sendable {
        case none, spoilt
        /// The emulator is known to die or to get stuck under it: see ``Outcome/emulatorDied``.
        case endsEmulator = "ends-emulator"
        /// It resets the machine and goes on in the next boot.
        case resets
        /// The same by a sleep and a wake; a reset ends its machine.
        case sleeps
        /// Its machine is reset from outside in each phase of the boots behind it (``BootInterruption``).
        case interrupted
    }

    /// `A001`; never given to another attack.
    public let identifier: String
    public let group: String
    public let name: String
    /// Row of SECURITY.md's table of threats.
    public let threat: String
    public let aftermath: Aftermath
    /// The protection whose absence, said by the report, excuses a success.
    public let excuse: PostureClaim?
    /// What one would see if it came through.
    public let success: String

    public init(
        identifier: String, group: String, name: String, threat: String, aftermath: Aftermath,
        excuse: PostureClaim?, success: String
    ) {
        self.identifier = identifier
        self.group = group
        self.name = name
        self.threat = threat
        self.aftermath = aftermath
        self.excuse = excuse
        self.success = success
    }

    /// The number in ``identifier``, by which the attacker is told what to run.
    var number: String { String(Int(identifier.dropFirst()) ?? 0) }
}

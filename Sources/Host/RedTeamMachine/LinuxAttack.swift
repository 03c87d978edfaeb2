internal import Appraisal

/// An attack by root of the legacy host, and what must come of it.
enum LinuxAttack {
    /// The program on the host's disk says what it found; then the machine must still give evidence that is affirmed.
    case program
    /// Root runs `command`, with the environment's id where it says `ENVIRONMENT`; then these checks of the machine's
    /// evidence must not pass. `repair` is for the attacks behind.
    case spoils(command: String, checks: Set<Check.Identifier>, repair: String? = nil)

    /// By the row's identifier.
    static let all: [String: LinuxAttack] = [
        "L01": .program, "L02": .program, "L03": .program, "L04": .program, "L05": .program, "L06": .program,
        "L07": .program, "L08": .program,
        "L09": .spoils(
            command: "/tests/forge-service ENVIRONMENT", checks: [.nonce, .quoteBinding],
            repair: "/tests/honest-service"),
        "L10": .spoils(
            command: "/tests/linux-attack extend 5 $(printf '5a%.0s' $(seq 32))", checks: [.logReplay]),
    ]
}

extension HostRedTeam {
    static let linuxGroup = "linux"

    static let linuxRows = [
        row("L01", "memory-device", "T01", "/dev/mem shows or changes a word of SMRAM"),
        row("L02", "bridge-registers", "T01", "a value of the SMRAM registers opens SMRAM"),
        row("L03", "request-without-word", "T32", "a request is served that carries no word of root's"),
        row("L04", "used-word", "T32", "a word is taken twice"),
        row("L05", "inherited-port", "T32", "a user who got the SMI port from root is served"),
        row("L06", "random-commands", "T02", "random registers make the manager fail or answer strangely"),
        row("L07", "register-reset", "T15", "a register that measured the boot starts again"),
        row("L08", "platform-hierarchy", "T18", "root gives the TPM new keys, by the platform's rights"),
        row("L09", "forged-service", "T14", "a local process answers challenges with recorded evidence"),
        row("L10", "register-extended", "T15", "root adds to the boot's measurements and nobody notices"),
    ]

    private static func row(
        _ identifier: String, _ name: String, _ threat: String, _ success: String
    ) -> AttackRow {
        AttackRow(
            identifier: identifier, group: linuxGroup, name: name, threat: threat,
            aftermath: LinuxAttack.all[identifier].isProgram ? .none : .spoilt, excuse: nil, success: success)
    }
}

extension LinuxAttack? {
    fileprivate var isProgram: Bool {
        if case .program = self { true } else { false }
    }
}

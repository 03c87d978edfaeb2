internal import Appraisal
internal import EvidenceFormat

/// An attack by root of the legacy host, and what must come of it.
enum LinuxAttack {
    /// A program on the host's disk says what it found; then the machine must still give evidence that is affirmed.
    case program
    /// The same by a script there, which takes the seed.
    case script(String)
    /// Root plants a secret in environments and leaves the boot by `command`. What the program finds in the next boot, and
    /// evidence of the boot before, must not help.
    case nextBoot(command: String)
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
        "L11": .script("overwrite-windows"), "L12": .script("juggle-cpus"),
        "L13": .program, "L14": .program, "L15": .program,
        "L16": .nextBoot(command: "reboot -f"), "L17": .nextBoot(command: "/tests/linux-attack sleep"),
    ]
}

extension HostRedTeam {
    static let linuxGroup = "linux"

    /// Rows of one machine first; each of those behind them has its own.
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
        row("L10", "register-extended", "T15", "root adds to the boot's measurements unnoticed", .spoilt),
        row("L11", "windows-overwritten", "T23", "an environment's key changes, or another one"),
        row("L12", "cpus-juggled", "T11", "a CPU's way offline and back harms another environment", .spoilt),
        row("L13", "owner-of-the-tpm", "T15", "root's indices and rights change what evidence is made of"),
        row("L14", "tpm-cleared", "T15", "a cleared TPM answers for another machine or boot", .spoilt),
        row("L15", "tpm-locked-out", "T15", "wrong passwords end or change evidence", .spoilt),
        row("L16", "reboot", "T01", "words of an environment in memory after a reboot beside it", .resets),
        row(
            "L17", "sleep-and-wake", "T34",
            "after a sleep without TPM2_Shutdown: the same words, a TPM that root starts, or an old boot affirmed",
            .sleeps),
    ]

    private static func row(
        _ identifier: String, _ name: String, _ threat: String, _ success: String,
        _ aftermath: AttackRow.Aftermath = .none
    ) -> AttackRow {
        AttackRow(
            identifier: identifier, group: linuxGroup, name: name, threat: threat, aftermath: aftermath,
            excuse: nil, success: success)
    }
}

package import Appraisal
public import Diagnostics
internal import EvidenceFormat
internal import SICEABI

/// The attacks on evidence, and how they are run.
public enum EvidenceRedTeam {
    /// Every attack, in the order of its number.
    public static let attacks: [EvidenceAttack] =
        replays + mixtures + keys + bootLogs + registers + reports + runtimeLogs + documents + enrollments

    /// Attacks for which root extends a register of the boot: on a machine, nothing can follow them in that boot but
    /// those of the same list.
    public static let extending = [["E14"], ["E24", "E25"]]

    /// Runs every attack, or those named. Throws `invalidArgument` when honest evidence is not affirmed, or an honest machine
    /// not enrolled: a verifier who refuses everything would hold every wall.
    public static func run(
        _ scene: EvidenceScene, only numbers: [String]? = nil
    ) throws(ToolError) -> [AttackResult] {
        try demand(Attempt(scene.honest, scene.expectations), "evidence is not affirmed")
        if let enrollment = scene.enrollment {
            try demand(Attempt(enrollment.request, enrollment.authorities), "machine is not enrolled")
        }
        return attacks.filter { numbers?.contains($0.number) ?? true }.map { run($0, scene) }
    }

    private static func demand(_ honest: Attempt, _ failure: String) throws(ToolError) {
        let reasons = names(honest.answer(ignoring: []))
        guard reasons.isEmpty else {
            throw ToolError(
                .invalidArgument, "the honest \(failure): \(reasons.joined(separator: ", "))")
        }
    }

    /// Runs one attack, and takes the checks of `ignored` as passed: tests take walls out in this way. Not
    /// for users of the package, whose walls all stand.
    package static func run(
        _ attack: EvidenceAttack, _ scene: EvidenceScene, ignoring ignored: Set<Check.Identifier> = []
    ) -> AttackResult {
        let attempt: Attempt
        do throws(Unavailable) { attempt = try attack.forge(scene) } catch {
            return AttackResult(attack: attack, outcome: .notProvided, refusedBy: [], detail: error.reason)
        }
        let answer = attempt.answer(ignoring: ignored)
        let isHeld = holds(attack.wall, answer, ignored)
        let refusedBy = names(answer)
        return AttackResult(
            attack: attack, outcome: isHeld ? .held : .broken, refusedBy: refusedBy,
            detail: isHeld ? "" : refusedBy.isEmpty ? "affirmed" : "refused, but not by its wall")
    }

    /// Whether the wall did its part.
    private static func holds(
        _ wall: EvidenceAttack.Wall, _ answer: Attempt.Answer, _ ignored: Set<Check.Identifier>
    ) -> Bool {
        switch (wall, answer) {
        case (.parser(let expected), .error(let found)), (.enrollment(let expected), .error(let found)):
            return expected == found
        case (.checks(let checks), .appraised(let open)):
            let left = checks.subtracting(ignored)
            return !left.isEmpty && left.isSubset(of: open)
        default: return false
        }
    }

    private static func names(_ answer: Attempt.Answer) -> [String] {
        switch answer {
        case .appraised(let checks): checks.map(\.rawValue).sorted()
        case .enrolled: []
        case .error(let code): [code.name]
        }
    }
}

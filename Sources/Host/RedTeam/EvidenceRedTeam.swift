public import Appraisal
public import Diagnostics
internal import SICEABI

/// The attacks on evidence, and how they are run.
public enum EvidenceRedTeam {
    /// Every attack, in the order of its number.
    public static let attacks: [EvidenceAttack] =
        replays + mixtures + keys + bootLogs + registers + reports + runtimeLogs + documents

    /// Runs every attack. Throws `invalidArgument` when the honest evidence is not affirmed: a verifier that
    /// refuses everything would hold every wall.
    ///
    /// - Parameter ignored: checks whose result is ignored. Tests take walls out in this way; nobody else
    /// may.
    public static func run(
        _ scene: EvidenceScene, ignoring ignored: Set<Check.Identifier> = []
    ) throws(ToolError) -> [AttackResult] {
        let honest = Attempt(scene.honest, scene.expectations).answer(ignoring: [])
        guard honest == .appraised([]) else {
            let reasons = names(honest).joined(separator: ", ")
            throw ToolError(.invalidArgument, "the honest evidence is not affirmed: \(reasons)")
        }
        return attacks.map { run($0, scene, ignoring: ignored) }
    }

    /// Runs one attack.
    public static func run(
        _ attack: EvidenceAttack, _ scene: EvidenceScene, ignoring ignored: Set<Check.Identifier> = []
    ) -> AttackResult {
        let attempt: Attempt
        do throws(Unavailable) { attempt = try attack.forge(scene) } catch {
            return AttackResult(attack: attack, outcome: .notProvided, refusedBy: [], detail: error.reason)
        }
        let answer = attempt.answer(ignoring: ignored)
        let isHeld = holds(attack.wall, answer, ignored)
        let isAffirmed = answer == .appraised([])
        return AttackResult(
            attack: attack, outcome: isHeld ? .held : .broken, refusedBy: names(answer),
            detail: isHeld ? "" : isAffirmed ? "affirmed" : "refused, but not by its wall")
    }

    /// Whether the wall did its part.
    private static func holds(
        _ wall: EvidenceAttack.Wall, _ answer: Attempt.Answer, _ ignored: Set<Check.Identifier>
    ) -> Bool {
        switch (wall, answer) {
        case (.parser(let expected), .malformed(let found)): return expected == found
        case (.checks(let checks), .appraised(let open)):
            let left = checks.subtracting(ignored)
            return !left.isEmpty && left.isSubset(of: open)
        default: return false
        }
    }

    private static func names(_ answer: Attempt.Answer) -> [String] {
        switch answer {
        case .appraised(let checks): checks.map(\.rawValue).sorted()
        case .malformed(let code): [code.name]
        }
    }
}

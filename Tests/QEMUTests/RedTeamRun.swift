import Foundation
import Testing

/// Runs of `sice-attest red-team`, and the outcomes that this platform must give.
struct RedTeamRun {
    /// Said each time: which ROM, if it is not the stand-in.
    var options: [String] = []

    func redTeam(_ arguments: [String]) throws -> Command.Result {
        try Command(
            Artefacts.root.appending(path: ".build/debug/sice-attest"), ["red-team"] + options + arguments,
            folder: Artefacts.root
        ).run()
    }

    private struct Findings: Decodable {
        struct Attack: Decodable {
            let id: String
            let outcome: String
            let executions: Int
            let detail: String
            let excuse: String?
        }
        let schema: String
        let broken: Bool
        /// What the machine's own report says of its platform.
        let posture: [String: String]
        let attacks: [Attack]
    }

    /// Structures that root of the machine does not make the TPM sign.
    private static let notTried: Set = ["E28"]

    func list(_ arguments: [String]) throws -> [String] {
        let result = try redTeam(arguments + ["--list", "--format", "json"])
        return try JSONDecoder().decode(Listed.self, from: Data(result.output.utf8)).attacks.map(\.id)
    }

    /// Every attack from ring 0.
    func expectHeldFromRingZero() throws {
        let listed = try list([]).filter { $0.hasPrefix("A") }
        try expectHeld(["--only", listed.joined(separator: ","), "--machines", "2"], listed)
    }

    /// Every attack of a group.
    func expectHeld(group: String) throws {
        try expectHeld(["--group", group], list(["--group", group]))
    }

    func expectHeld(_ arguments: [String], _ identifiers: [String]) throws {
        let result = try redTeam(arguments + ["--format", "json"])
        let findings = try JSONDecoder().decode(Findings.self, from: Data(result.output.utf8))
        #expect(findings.schema == "sice.red-team/1")
        #expect(!identifiers.isEmpty && findings.attacks.map(\.id).sorted() == identifiers.sorted())
        for attack in findings.attacks where !Self.endsEmulator(attack) {
            let expected = Self.expected(attack, findings.posture)
            #expect(attack.outcome == expected, "\(attack.id): \(attack.detail)")
            #expect((attack.executions > 0) == (expected != "not tried"), "\(attack.id)")
        }
        #expect(!findings.broken && result.status == 0)
    }

    /// A083 is known to end QEMU, by a signal or an instruction that never ends, now and then (SECURITY.md). Anything else that it does counts.
    private static func endsEmulator(_ attack: Findings.Attack) -> Bool {
        attack.id == "A083" && attack.outcome == "the emulator died"
    }

    /// What a gap of the platform lets through must come through, and nothing else: the report says which gaps there are.
    private static func expected(_ attack: Findings.Attack, _ posture: [String: String]) -> String {
        if let excuse = attack.excuse, posture[excuse] != "present" { return "not provided by this platform" }
        return notTried.contains(attack.id) ? "not tried" : "held"
    }

    private struct Listed: Decodable {
        struct Attack: Decodable { let id: String }
        let attacks: [Attack]
    }
}

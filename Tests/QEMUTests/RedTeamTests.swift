import Foundation
import Testing

/// The attack suite on machines (`tools/attack`): every attack with the outcome that this platform must give, and
/// every wall seen to fall when its protection is taken out.
@Suite(.enabled(if: Artefacts.areReady, "\(Artefacts.condition)"), .serialized)
struct RedTeamTests {
    private func redTeam(_ arguments: [String]) throws -> Command.Result {
        try Command(
            Artefacts.root.appending(path: ".build/debug/sice-attest"), ["red-team"] + arguments,
            folder: Artefacts.root
        ).run()
    }

    private struct Findings: Decodable {
        struct Attack: Decodable {
            let id: String
            let outcome: String
            let executions: Int
            let detail: String
        }
        let schema: String
        let broken: Bool
        let attacks: [Attack]
    }

    /// Attacks that this emulator's own gaps let through; the report says so of each.
    private static let notProvided: Set<String> = ["A200", "A312"]

    /// Structures that root of the machine does not make the TPM sign.
    private static let notTried: Set = ["E28"]

    @Test func hold_everyAttackFromRingZero() throws {
        let listed = try list([]).filter { $0.hasPrefix("A") }
        try expectHeld(["--only", listed.joined(separator: ",")], listed)
    }

    /// By root of Linux, and on evidence of machines.
    @Test(
        .enabled(if: Artefacts.haveAttackDisk, "needs Tests/LegacyHostPrograms/attack/build"),
        arguments: ["linux", "evidence"])
    func hold_everyAttack(of group: String) throws {
        try expectHeld(["--group", group], list(["--group", group]))
    }

    private func list(_ arguments: [String]) throws -> [String] {
        let result = try redTeam(arguments + ["--list", "--format", "json"])
        return try JSONDecoder().decode(Listed.self, from: Data(result.output.utf8)).attacks.map(\.id)
    }

    private func expectHeld(_ arguments: [String], _ identifiers: [String]) throws {
        let result = try redTeam(arguments + ["--format", "json"])
        let findings = try JSONDecoder().decode(Findings.self, from: Data(result.output.utf8))
        #expect(findings.schema == "sice.red-team/1")
        #expect(!identifiers.isEmpty && findings.attacks.map(\.id).sorted() == identifiers.sorted())
        for attack in findings.attacks {
            let expected = Self.expected(attack.id)
            #expect(attack.outcome == expected, "\(attack.id): \(attack.detail)")
            #expect((attack.executions > 0) == (expected != "not tried"), "\(attack.id)")
        }
        #expect(!findings.broken && result.status == 0)
    }

    private static func expected(_ identifier: String) -> String {
        if notProvided.contains(identifier) { return "not provided by this platform" }
        return notTried.contains(identifier) ? "not tried" : "held"
    }

    private struct Listed: Decodable {
        struct Attack: Decodable { let id: String }
        let attacks: [Attack]
    }

    @Test func seeEveryWallFall() throws {
        let result = try redTeam(["--walls"])
        let lines = result.output.split(separator: "\n")
        #expect(result.status == 0, "\(result.output)\(result.errorText)")
        #expect(lines.first?.hasPrefix("stand all: ") == true)
        let walls = try FileManager.default.contentsOfDirectory(
            atPath: Artefacts.root.appending(path: "Tests/Walls").path)
        #expect(lines.dropFirst().count == walls.count)
        for line in lines.dropFirst() { #expect(line.hasPrefix("falls "), "\(line)") }
    }

    @Test func reject_attackThatDoesNotExist() throws {
        let result = try redTeam(["--only", "A999"])
        #expect(result.status == 64 && result.errorText.contains("SICE-E0911"))
    }
}

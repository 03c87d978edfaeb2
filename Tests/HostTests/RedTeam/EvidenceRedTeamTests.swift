import Appraisal
import AttestClient
import Diagnostics
import Evidence
import EvidenceForge
import EvidenceFormat
import Foundation
import RedTeam
import SICEABI
import Testing

/// Every attack is refused by exactly its wall, and by nothing else: without the wall it is affirmed.
@Suite struct EvidenceRedTeamTests {
    private func names(_ wall: EvidenceAttack.Wall) -> [String] {
        switch wall {
        case .checks(let checks): checks.map(\.rawValue).sorted()
        case .parser(let code), .enrollment(let code): [code.name]
        }
    }

    @Test func hold_everyAttackByExactlyItsWall() throws {
        let results = try EvidenceRedTeam.run(.forged())
        #expect(results.count == EvidenceRedTeam.attacks.count)
        for result in results {
            #expect(result.outcome == .held, "\(result.attack.number): \(result.detail)")
            #expect(result.refusedBy == names(result.attack.wall), "\(result.attack.number)")
        }
    }

    @Test func breakThrough_whereTheWallIsMissing() throws {
        let scene = EvidenceScene.forged()
        for attack in EvidenceRedTeam.attacks {
            guard case .checks(let checks) = attack.wall else { continue }
            let result = EvidenceRedTeam.run(attack, scene, ignoring: checks)
            #expect(result.outcome == .broken, "\(attack.number)")
            #expect(result.refusedBy == [], "\(attack.number)")
            #expect(result.detail == "affirmed", "\(attack.number)")
        }
    }

    /// A wall of several checks stands as long as one of them does.
    @Test func hold_byTheChecksThatAreLeft() throws {
        let scene = EvidenceScene.forged()
        for attack in EvidenceRedTeam.attacks {
            guard case .checks(let checks) = attack.wall, checks.count > 1 else { continue }
            for check in checks {
                let result = EvidenceRedTeam.run(attack, scene, ignoring: checks.subtracting([check]))
                #expect(result.refusedBy == [check.rawValue], "\(attack.number)")
                #expect(result.outcome == .held, "\(attack.number)")
            }
        }
    }

    @Test func breakThrough_whenAnotherWallRefuses() throws {
        var scene = EvidenceScene.forged()
        scene.expectations.policy.allowsDebug = true
        let debug = try #require(EvidenceRedTeam.attacks.first { $0.wall == .checks([.debug]) })
        #expect(EvidenceRedTeam.run(debug, scene).outcome == .broken)
        scene.expectations.policy.states = []
        let result = EvidenceRedTeam.run(debug, scene)
        #expect(result.outcome == .broken)
        #expect(result.detail == "refused, but not by its wall")
    }

    @Test func reject_honestEvidenceThatIsNotAffirmed() throws {
        var scene = EvidenceScene.forged()
        scene.expectations.nonce = nil
        let error = #expect(throws: ToolError.self) { try EvidenceRedTeam.run(scene) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.detail == "the honest evidence is not affirmed: nonce")
        scene = .forged()
        scene.enrollment?.request.endorsementCertificate.removeLast()
        let other = #expect(throws: ToolError.self) { try EvidenceRedTeam.run(scene) }
        #expect(other?.detail == "the honest machine is not enrolled: SICE-E0832")
    }

    @Test func sayWhatIsNotProvided() throws {
        let full = EvidenceScene.forged()
        let results = try EvidenceRedTeam.run(
            EvidenceScene(honest: full.honest, expectations: full.expectations))
        let missing = results.filter { $0.outcome == .notProvided }
        #expect(!results.contains { $0.outcome == .broken })
        #expect(missing.allSatisfy { !$0.detail.isEmpty && $0.refusedBy.isEmpty })
        #expect(
            Set(missing.map(\.detail)) == [
                "no evidence of an earlier challenge", "no evidence of another boot",
                "no evidence of a debug image",
                "no evidence of another machine", "nobody is root of the machine",
                "no enrollment of a machine",
            ])
        // Evidence of another boot under another challenge would be refused for that alone.
        var scene = full
        scene.otherBoot?.nonce = [UInt8](repeating: 1, count: 32)
        let results2 = try EvidenceRedTeam.run(scene)
        #expect(results2.contains { $0.detail == "evidence of another boot answers another challenge" })
    }

    @Test func numbers_areOnceAndInOrder() {
        let numbers = EvidenceRedTeam.attacks.map(\.number)
        #expect(numbers == (1...numbers.count).map { String(format: "E%02d", $0) })
        #expect(Set(EvidenceRedTeam.attacks.map(\.name)).count == numbers.count)
    }

    /// Each attack stands in the row of its threat in SECURITY.md, and no other does.
    @Test func documents_nameEveryAttack() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "SECURITY.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| T") }
        for attack in EvidenceRedTeam.attacks {
            let named = rows.filter { row in
                row.split { !$0.isLetter && !$0.isNumber }.contains { $0 == attack.number }
            }
            #expect(named.count == 1, "\(attack.number)")
            #expect(named.first?.hasPrefix("| \(attack.threat) ") == true, "\(attack.number)")
        }
    }
}

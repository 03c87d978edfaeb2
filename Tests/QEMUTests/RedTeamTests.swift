import Fixtures
import Foundation
import Testing

/// The attack suite on machines (`tools/attack`): every attack with the outcome that this platform must give, and
/// every wall seen to fall when its protection is taken out.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct RedTeamTests {
    private let run = RedTeamRun()

    @Test func hold_everyAttackFromRingZero() throws { try run.expectHeldFromRingZero() }

    /// By root of Linux, and on evidence of machines.
    @Test(arguments: ["linux", "evidence"])
    func hold_everyAttack(of group: String) throws { try run.expectHeld(group: group) }

    @Test func seeEveryWallFall() throws {
        let result = try run.redTeam(["--walls"])
        let lines = result.output.split(separator: "\n")
        #expect(result.status == 0, "\(result.output)\(result.errorText)")
        #expect(lines.first?.hasPrefix("stand all: ") == true)
        let walls = try FileManager.default.contentsOfDirectory(
            atPath: Artefacts.root.appending(path: "Tests/Walls").path)
        #expect(lines.dropFirst().count == walls.count)
        for line in lines.dropFirst() { #expect(line.hasPrefix("falls "), "\(line)") }
        // Built in another folder, of the same sources: the same bytes, or nobody could tell a measurement beforehand.
        for name in ["manager.bin", "payload.elf"] {
            let other = Artefacts.root.appending(
                path: ".build-firmware/walls/tree/.build-firmware/walls/.all/\(name)")
            #expect(try Data(contentsOf: other) == Data(contentsOf: Artefacts.product(name)), "\(name)")
        }
    }

    @Test func reject_attackThatDoesNotExist() throws {
        let result = try run.redTeam(["--only", "A999"])
        #expect(result.status == 64 && result.errorText.contains("SICE-E0911"))
    }
}

/// The same attacks on ROMs that upstream coreboot built: another firmware, another policy.
@Suite(
    .enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"),
    .enabled(if: UpstreamROM.protectedMode.isThere, "\(UpstreamROM.protectedMode.condition)"), .serialized)
struct UpstreamROMRedTeamTests {
    @Test func hold_everyAttackFromRingZero() throws {
        try UpstreamROM.protectedMode.redTeam().expectHeldFromRingZero()
    }

    @Test(arguments: ["linux", "evidence"])
    func hold_everyAttack(of group: String) throws {
        try UpstreamROM.protectedMode.redTeam().expectHeld(group: group)
    }
}

@Suite(
    .enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"),
    .enabled(if: UpstreamROM.longMode.isThere, "\(UpstreamROM.longMode.condition)"), .serialized)
struct UpstreamROMX64RedTeamTests {
    @Test func hold_everyAttackFromRingZero() throws {
        try UpstreamROM.longMode.redTeam().expectHeldFromRingZero()
    }

    @Test(arguments: ["linux", "evidence"])
    func hold_everyAttack(of group: String) throws {
        try UpstreamROM.longMode.redTeam().expectHeld(group: group)
    }
}

extension UpstreamROM {
    fileprivate func redTeam() throws -> RedTeamRun {
        RedTeamRun(options: ["--rom", try #require(file).path])
    }
}

import Diagnostics
import Foundation
import MachineRunner
import SICEABI
import Testing

@testable import RedTeamMachine

@Suite struct WallTests {
    private static let text = """
        wall: nothing gets in
        attacks: A001 A002
        builds: coreboot-payload smm

        source: Sources/One.swift
        --- old
            guard holds
        --- new
        --- end

        source: Sources/Two.swift
        --- old
        a
        b
        --- new
        c
        --- end

        """

    @Test func changesInOrder() throws {
        let wall = try Wall(Self.text, name: "door")
        #expect(wall.name == "door" && wall.sentence == "nothing gets in")
        #expect(wall.attacks == ["A001", "A002"])
        #expect(wall.images == [.payload, .manager])
        #expect(
            wall.changes == [
                .init(source: "Sources/One.swift", old: "    guard holds\n", new: ""),
                .init(source: "Sources/Two.swift", old: "a\nb\n", new: "c\n"),
            ])
    }

    @Test(arguments: [
        "wall: ", "attacks: ", "source: Sources/One.swift", "--- old", "--- new", "--- end",
    ])
    func reject_missingLine(_ line: String) {
        let text = Self.text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = text.firstIndex { $0.hasPrefix(line) }
        let cut = text.enumerated().filter { $0.offset != index }.map { $0.element }.joined(separator: "\n")
        let error = #expect(throws: ToolError.self) { _ = try Wall(cut, name: "door") }
        #expect(error?.code == .wallUnreadable)
    }

    @Test func allImagesUnlessItSaysWhich() throws {
        let text = Self.text.replacing("builds: coreboot-payload smm\n", with: "")
        #expect(try Wall(text, name: "door").images == Wall.Image.allCases)
    }

    @Test func reject_imageThatNobodyBuilds() {
        let text = Self.text.replacing("builds: coreboot-payload smm", with: "builds: grub")
        let error = #expect(throws: ToolError.self) { _ = try Wall(text, name: "door") }
        #expect(error?.code == .wallUnreadable)
    }

    @Test func reject_wallWithoutChange() {
        let error = #expect(throws: ToolError.self) {
            _ = try Wall("wall: a\nattacks: A001\nbuilds: smm\n", name: "door")
        }
        #expect(error?.code == .wallUnreadable)
        #expect(error?.detail.hasPrefix("door.wall, line") == true)
    }

    private static let row = AttackRow(
        identifier: "A001", group: "smram", name: "read", threat: "T01", aftermath: .none, excuse: nil,
        success: "a byte")

    private func falls(_ results: [AttackResult], unbooted: MachineEnd? = nil) throws -> Bool {
        let wall = try Wall(Self.text.replacing("A001 A002", with: "A001"), name: "door")
        return WallRunner.Finding(wall: wall, results: results, unbooted: unbooted).falls
    }

    @Test func wallFallsToWhatComesThroughOrKills() throws {
        let seen = AttackTranscript.Answer(isBroken: true, executions: 1, detail: "seen 1")
        #expect(try falls([AttackResult(Self.row, seen, posture: [:], end: .status(33))]))
        #expect(try falls([AttackResult(Self.row, seen, posture: [:], end: .unfinished)]))
        for end in [MachineEnd.status(0), .signal(6), .silent] {
            #expect(try falls([AttackResult(Self.row, nil, posture: [:], end: end)]), "\(end)")
        }
    }

    /// Neither an attack that holds, nor one that only took long, nor a machine that does not boot shows that a wall
    /// was what held.
    @Test func wallStandsUnlessItIsSeenToFall() throws {
        let held = AttackTranscript.Answer(isBroken: false, executions: 1, detail: "-")
        #expect(try !falls([AttackResult(Self.row, held, posture: [:], end: .status(33))]))
        #expect(try !falls([AttackResult(Self.row, nil, posture: [:], end: .unfinished)]))
        #expect(try !falls([]))
        #expect(try !falls([], unbooted: .status(0)))
    }

    @Test func machineThatDoesNotBootIsAResult() throws {
        let wall = try Wall(Self.text, name: "door")
        let finding = WallRunner.Finding(wall: wall, results: [], unbooted: .signal(6))
        #expect(RedTeamOutput.text(finding) == "unseen door: its machine comes to no attack (signal 6)")
    }

    @Test(arguments: ["", "a\nb", "a\nb\n\na\nb\n"]) func reject_sourceWithoutTheWall(_ source: String) throws
    {
        let change = try Wall(Self.text, name: "door").changes[1]
        let error = #expect(throws: ToolError.self) { _ = try change.remove(from: source, of: "door") }
        #expect(error?.code == .wallStale)
        #expect(try change.remove(from: "x\na\nb\ny\n", of: "door") == "x\nc\ny\n")
    }

    /// A change of the sources that a wall's file did not follow is found before anything is built.
    @Test func wallsStandInTheSources() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let walls = try Wall.read(folder: root.appending(path: "Tests/Walls").path, names: [])
        #expect(walls.count > 20)
        for wall in walls {
            for change in wall.changes {
                let text = try String(contentsOf: root.appending(path: change.source), encoding: .utf8)
                #expect(throws: Never.self) { _ = try change.remove(from: text, of: wall.name) }
            }
        }
    }
}

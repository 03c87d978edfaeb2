import Diagnostics
import SICEABI
import Testing

@testable import RedTeamMachine

@Suite struct WallTests {
    private static let text = """
        wall: nothing gets in
        attacks: A001 A002

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
        #expect(
            wall.changes == [
                .init(source: "Sources/One.swift", old: "    guard holds\n", new: ""),
                .init(source: "Sources/Two.swift", old: "a\nb\n", new: "c\n"),
            ])
    }

    @Test(arguments: ["wall: ", "attacks: ", "source: Sources/One.swift", "--- old", "--- new", "--- end"])
    func reject_missingLine(_ line: String) {
        let text = Self.text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = text.firstIndex { $0.hasPrefix(line) }
        let cut = text.enumerated().filter { $0.offset != index }.map { $0.element }.joined(separator: "\n")
        let error = #expect(throws: ToolError.self) { _ = try Wall(cut, name: "door") }
        #expect(error?.code == .wallUnreadable)
    }

    @Test func reject_wallWithoutChange() {
        let error = #expect(throws: ToolError.self) { _ = try Wall("wall: a\nattacks: A001\n", name: "door") }
        #expect(error?.code == .wallUnreadable)
        #expect(error?.detail.hasPrefix("door.wall, line") == true)
    }
}

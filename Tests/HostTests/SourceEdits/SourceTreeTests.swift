import Diagnostics
import Foundation
import SICEABI
import Testing

@testable import SourceEdits

/// Edits of a small source, with all that must not mislead them.
@Suite final class SourceTreeTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/sice-edits-\(UUID().uuidString)"
    private static let source = """
        /* flags: a comment, and int enter(void) { too */
        int enter(struct cpu *cpu);
        #define FLAGS(x) ((x)->flags)

        static int other(void)
        {
            return enter("flags; {", '"');
        }

        int enter(struct cpu *cpu)
        {
            int i;

            switch (other()) {
            case 1:
                cpu->flags |= 1 |
                              (cpu->flags & 2);
                break;
            }
        #ifdef LOG
            log("left: twice", cpu->twice);
        #endif
            if (cpu->block) {
                cpu->twice = 0;
            }
        }

        """

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try write(Self.source)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(folder)/a.c"))
    }

    private var text: String { (try? String(contentsOfFile: "\(folder)/a.c", encoding: .utf8)) ?? "" }

    private func edit(
        _ place: String, function: String = "enter", file: String = "a.c", text: String = "ours\n",
        name: String = "door"
    ) throws -> SourceEdit {
        try SourceEdit(
            """
            edit: a
            manual: b
            closes: c
            upstream: d
            file: \(file)
            function: \(function)
            place: \(place)
            --- insert
            \(text)--- end
            """, name: name)
    }

    /// The line that follows what was inserted, and the one before it.
    private func neighbours() -> [Substring] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.firstIndex(of: "/* sice: door */"), lines[first + 1] == "ours",
            lines[first + 2] == "/* sice: end */"
        else { return [] }
        return [lines[first - 1], lines[first + 3]]
    }

    @Test(arguments: [
        ("above", "", "int enter(struct cpu *cpu)"),
        ("start", "{", "    int i;"),
        ("end", "    }", "}"),
        ("before flags", "    case 1:", "        cpu->flags |= 1 |"),
        ("after flags", "                      (cpu->flags & 2);", "        break;"),
        ("before log", "#ifdef LOG", "    log(\"left: twice\", cpu->twice);"),
        ("before block", "#endif", "    if (cpu->block) {"),
    ])
    func insertsExactlyThere(_ place: String, _ before: String, _ after: String) throws {
        #expect(try SourceTree(folder).apply([edit(place)]) == ["a.c"])
        #expect(neighbours() == [Substring(before), Substring(after)])
        // Nothing else changed.
        let rest = text.replacing("/* sice: door */\nours\n/* sice: end */\n", with: "")
        #expect(rest == Self.source)
    }

    /// What one edit brings is no place for another; edits of one place keep their order.
    @Test func edits_doNotSeeEachOther() throws {
        let first = try edit("end", text: "flags flags;\n", name: "a")
        let second = try edit("end", text: "more;\n", name: "b")
        _ = try SourceTree(folder).apply([first, second, edit("before flags", name: "c")])
        #expect(text.contains("flags flags;\n/* sice: end */\n/* sice: b */\nmore;\n/* sice: end */\n}\n"))
    }

    private func expect(_ code: ErrorCode, _ detail: String, of edits: [SourceEdit]) {
        let before = text
        let error = #expect(throws: ToolError.self) { _ = try SourceTree(folder).apply(edits) }
        #expect(error?.code == code && error?.detail == detail)
        #expect(text == before)
    }

    @Test func reject_anchorThatIsNotThere() throws {
        // One that could be made is not made either.
        expect(
            .editStale, "door.edit: a.c: enter: nothing is not there",
            of: [try edit("start", name: "other"), try edit("before nothing")])
        // In another function, in a comment, in a string, in a macro, as part of a word.
        for word in ["return", "comment", "left", "FLAGS", "flag"] {
            expect(
                .editStale, "door.edit: a.c: enter: \(word) is not there", of: [try edit("after \(word)")])
        }
    }

    @Test func reject_anchorThatIsThereTwice() throws {
        expect(.editStale, "door.edit: a.c: enter: twice is there 2 times", of: [try edit("before twice")])
    }

    @Test func reject_placeBehindWhatBeginsABlock() throws {
        expect(
            .editStale, "door.edit: a.c: enter: block, with a block behind it, is no place",
            of: [try edit("after block")])
    }

    @Test func reject_functionThatIsNotThereOrTwice() throws {
        expect(
            .editStale, "door.edit: a.c: enters: the function is not there",
            of: [try edit("start", function: "enters")])
        try write(Self.source + Self.source)
        expect(
            .editStale, "door.edit: a.c: other: the function is there 2 times",
            of: [try edit("start", function: "other")])
    }

    @Test func reject_fileThatIsNotThereOrTwice() throws {
        expect(
            .editStale, "door.edit: b.c: enter: the file is not there", of: [try edit("start", file: "b.c")])
        try Data().write(to: URL(filePath: "\(folder)/c.c"))
        expect(
            .editStale, "door.edit: a.c | c.c: enter: the file is there more than once",
            of: [try edit("start", file: "a.c | c.c")])
        #expect(try SourceTree(folder).apply([edit("start", file: "a.c | b.c")]) == ["a.c"])
    }

    @Test func reject_editThatIsAppliedTwice() throws {
        _ = try SourceTree(folder).apply([edit("start")])
        expect(.editApplied, "door.edit: a.c", of: [try edit("end")])
    }
}

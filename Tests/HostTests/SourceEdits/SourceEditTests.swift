import Diagnostics
import Foundation
import SICEABI
import Testing

@testable import SourceEdits

/// The form of an edit's file.
@Suite struct SourceEditTests {
    private static let text = """
        edit: what it does
        manual: APM volume 2, 1.2
        closes: A001
        upstream: as it is

        file: a/one.c | b/one.c
        function: enter
        place: before flags
        --- insert
            ours();

        --- end

        file: two.c
        function: leave
        place: end
        --- insert
        --- end
        """

    @Test func readsPlacesInOrder() throws {
        let edit = try SourceEdit(Self.text, name: "door")
        #expect(edit.name == "door" && edit.sentence == "what it does" && edit.manual == "APM volume 2, 1.2")
        #expect(edit.closes == "A001" && edit.upstream == "as it is")
        #expect(
            edit.insertions == [
                .init(
                    files: ["a/one.c", "b/one.c"], function: "enter", place: .before("flags"),
                    text: "    ours();\n\n"),
                .init(files: ["two.c"], function: "leave", place: .end, text: ""),
            ])
    }

    @Test(arguments: [
        "edit: ", "manual: ", "closes: ", "upstream: ", "file: ", "function: ", "place: ", "--- ",
    ])
    func reject_missingLine(_ line: String) {
        let lines = Self.text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = lines.firstIndex { $0.hasPrefix(line) }
        let cut = lines.enumerated().filter { $0.offset != index }.map(\.element).joined(separator: "\n")
        let error = #expect(throws: ToolError.self) { _ = try SourceEdit(cut, name: "door") }
        #expect(error?.code == .editUnreadable && error?.detail.hasPrefix("door.edit, line") == true)
    }

    @Test(arguments: ["", "before", "after a b", "start now", "inside"])
    func reject_placeThatIsNone(_ place: String) {
        let text = Self.text.replacing("before flags", with: place)
        let error = #expect(throws: ToolError.self) { _ = try SourceEdit(text, name: "door") }
        #expect(error?.code == .editUnreadable)
    }

    /// Each says what it does, by which manual, what it closes and how to offer it; the folder has a licence of its own.
    @Test func readsTheProjectsOwn() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let folder = root.appending(path: "tools/emulator-edits").standardized.path
        let edits = try SourceEdit.read(folder: folder)
        #expect(edits.count >= 5)
        let licence = try InputFile.read(folder + "/LICENSE")
        #expect(
            String(decoding: licence, as: UTF8.self).contains("SPDX-License-Identifier: GPL-2.0-or-later"))
    }
}

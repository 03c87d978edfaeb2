public import Diagnostics
internal import Foundation
internal import SICEABI

/// Text of our own for the C sources of another project, and where it belongs there. None of that project's lines is in it:
/// a place is a file, a function, and at most one word of that function.
///
/// A file `NAME.edit`: lines `edit: SENTENCE`, `manual: SECTION` (what the text does as that says), `closes: SENTENCE` and
/// `upstream: SENTENCE` (how to offer it), then for each place `file: PATH` (or several paths with ` | `, since versions
/// name folders differently), `function: NAME` and `place: PLACE`, and the text after `--- insert` up to `--- end`.
public struct SourceEdit: Equatable, Sendable {
    /// Where in a function. A statement has a word if that stands in it, outside of comments and strings, once or more.
    public enum Place: Equatable, Sendable {
        /// Before the function's definition.
        case above
        /// The first and the last of its body.
        case start, end
        /// Around its only statement that has this word.
        case before(String)
        case after(String)

        init?(_ text: String) {
            let words = text.split(separator: " ").map(String.init)
            switch (words.first, words.count) {
            case ("above", 1): self = .above
            case ("start", 1): self = .start
            case ("end", 1): self = .end
            case ("before", 2): self = .before(words[1])
            case ("after", 2): self = .after(words[1])
            default: return nil
            }
        }
    }

    /// A place and what is put there.
    public struct Insertion: Equatable, Sendable {
        /// Paths in the source tree, of which one is there.
        public let files: [String]
        public let function: String
        public let place: Place
        public let text: String
    }

    public let name: String
    public let sentence: String
    public let manual: String
    public let closes: String
    public let upstream: String
    public let insertions: [Insertion]

    /// Reads a file's text. Throws `editUnreadable`, with the line at fault.
    public init(_ text: String, name: String) throws(ToolError) {
        var reader = ChangeFileReader(text, file: "\(name).edit", code: .editUnreadable)
        self.name = name
        sentence = try reader.value("edit: ")
        manual = try reader.value("manual: ")
        closes = try reader.value("closes: ")
        upstream = try reader.value("upstream: ")
        var insertions: [Insertion] = []
        repeat {
            let files = try reader.value("file: ").components(separatedBy: " | ")
            let function = try reader.value("function: ")
            guard let place = Place(try reader.value("place: ")) else { throw reader.failure }
            try reader.marker("--- insert")
            let text = try reader.lines(upTo: "--- end")
            insertions.append(Insertion(files: files, function: function, place: place, text: text))
        } while !reader.isAtEnd
        self.insertions = insertions
    }

    /// The files of a folder in alphabetic order. Throws `fileMissing`, `editUnreadable`.
    public static func read(folder: String) throws(ToolError) -> [SourceEdit] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix(".edit") }.map { String($0.dropLast(5)) }.sorted()
        guard !names.isEmpty else { throw ToolError(.fileMissing, folder) }
        return try names.map { name throws(ToolError) in
            let bytes = try InputFile.read("\(folder)/\(name).edit")
            return try SourceEdit(String(decoding: bytes, as: UTF8.self), name: name)
        }
    }
}

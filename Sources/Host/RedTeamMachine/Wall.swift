public import Diagnostics
internal import Foundation
internal import SICEABI
internal import SourceEdits

/// A protection, how to take it out of the sources, and the attacks that must then come through.
///
/// A file of `Tests/Walls`, `NAME.wall`: lines `wall: SENTENCE`, `attacks: A001 A002` and, unless both images have to be
/// built anew, `builds: smm` or `builds: coreboot-payload`; then for each place in the sources `source: PATH`, and after
/// `--- old`, `--- new` and `--- end` the text as it is and without the protection.
public struct Wall: Equatable, Sendable {
    /// A place where the protection stands.
    public struct Change: Equatable, Sendable {
        public let source: String
        public let old: String
        public let new: String

        /// The text of ``source`` without the protection. Throws `wallStale` when what stands for it is not in the text
        /// exactly once; `wall` is for the message.
        func remove(from text: String, of wall: String) throws(ToolError) -> String {
            guard text.ranges(of: old).count == 1 else {
                throw ToolError(.wallStale, "\(wall).wall: \(source)")
            }
            return text.replacing(old, with: new)
        }
    }

    /// What is built anew without it: the folder of its `build`. One that has the protection and is not named keeps it;
    /// then the wall stands.
    public enum Image: String, Sendable, CaseIterable {
        case manager = "smm"
        case payload = "coreboot-payload"

        /// What the build makes.
        var file: String { self == .manager ? "manager.bin" : "payload.elf" }
    }

    public let name: String
    public let sentence: String
    public let attacks: [String]
    public let images: [Image]
    public let changes: [Change]

    /// Reads a file's text. Throws `wallUnreadable`, with the line at fault.
    public init(_ text: String, name: String) throws(ToolError) {
        var reader = ChangeFileReader(text, file: "\(name).wall", code: .wallUnreadable)
        self.name = name
        sentence = try reader.value("wall: ")
        attacks = try reader.value("attacks: ").split(separator: " ").map(String.init)
        images = try Wall.images(&reader)
        var changes: [Change] = []
        while !reader.isAtEnd {
            let source = try reader.value("source: ")
            try reader.marker("--- old")
            let old = try reader.lines(upTo: "--- new")
            changes.append(Change(source: source, old: old, new: try reader.lines(upTo: "--- end")))
        }
        guard !changes.isEmpty, !attacks.isEmpty else { throw reader.failure }
        self.changes = changes
    }

    private static func images(_ reader: inout ChangeFileReader) throws(ToolError) -> [Image] {
        guard reader.has("builds: ") else { return Image.allCases }
        let names = try reader.value("builds: ").split(separator: " ")
        return try names.map { (name) throws(ToolError) in
            guard let image = Image(rawValue: String(name)) else { throw reader.failure }
            return image
        }
    }

    /// The files of a folder, all or those named, in alphabetic order. Throws `fileMissing`, `wallUnreadable`.
    public static func read(folder: String, names: [String]) throws(ToolError) -> [Wall] {
        let all = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix(".wall") }.map { String($0.dropLast(5)) }.sorted()
        guard !all.isEmpty else { throw ToolError(.fileMissing, folder) }
        return try (names.isEmpty ? all : names).map { name throws(ToolError) in
            let bytes = try InputFile.read("\(folder)/\(name).wall")
            return try Wall(String(decoding: bytes, as: UTF8.self), name: name)
        }
    }
}

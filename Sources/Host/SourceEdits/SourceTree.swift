public import Diagnostics
internal import Foundation
internal import SICEABI

/// Sources of another project that are edited.
public struct SourceTree {
    private let folder: String

    public init(_ folder: String) { self.folder = folder }

    /// Makes all edits, or none where one cannot be made. Returns the paths of the files that changed, in alphabetic order.
    /// Throws `editStale` for a place that is not there exactly once, `editApplied`, `fileMissing`, `outputFailed`.
    public func apply(_ edits: [SourceEdit]) throws(ToolError) -> [String] {
        var sources: [String: EditedSource] = [:]
        for edit in edits {
            for insertion in edit.insertions {
                let path = try path(of: insertion, edit)
                var source = if let known = sources[path] { known } else { try read(path) }
                try source.insert(insertion, of: edit.name)
                sources[path] = source
            }
        }
        for (path, source) in sources {
            try OutputFile.write(Array(source.text.utf8), to: "\(folder)/\(path)")
        }
        return sources.keys.sorted()
    }

    private func path(of insertion: SourceEdit.Insertion, _ edit: SourceEdit) throws(ToolError) -> String {
        let there = insertion.files.filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
        guard there.count == 1 else {
            let times = there.isEmpty ? "is not there" : "is there more than once"
            let names = insertion.files.joined(separator: " | ")
            throw ToolError(
                .editStale, "\(edit.name).edit: \(names): \(insertion.function): the file \(times)")
        }
        return there[0]
    }

    private func read(_ path: String) throws(ToolError) -> EditedSource {
        EditedSource(String(decoding: try InputFile.read("\(folder)/\(path)"), as: UTF8.self), path: path)
    }
}

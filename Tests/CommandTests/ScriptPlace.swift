import Foundation

/// A script of the project in a folder of its own, with other programs in place of those that it starts.
struct ScriptPlace {
    let place: Workplace
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    /// - Parameter scripts: what is copied, by its place in the project.
    init(_ scripts: String...) throws {
        place = try Workplace()
        for script in scripts {
            try put(String(contentsOf: Self.root.appending(path: script), encoding: .utf8), script)
        }
    }

    func put(_ text: String, _ name: String) throws {
        let file = URL(filePath: place.folder).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    /// A program that writes down how it was called, in `calls`, and then does what the script says.
    func fake(_ name: String, _ script: String = "") throws {
        try put("#!/bin/sh\necho \"\(name) $*\" >>'\(place.folder)/calls'\n\(script)\n", "programs/\(name)")
    }

    /// Runs a line of bash in the folder; it finds the fakes first.
    func run(_ line: String) throws -> Workplace.Result {
        try place.shell("PATH=$PWD/programs:$PATH; unset CI; \(line)")
    }

    /// What was called, in order.
    func calls() throws -> [String] {
        guard try place.files.contains("calls") else { return [] }
        return String(decoding: try place.read("calls"), as: UTF8.self).split(separator: "\n").map(
            String.init)
    }
}

import Foundation

/// A script of the project in a folder of its own, with other programs in place of those that it starts.
struct ScriptPlace {
    let place: Workplace

    /// - Parameter scripts: what is copied, by its place in the project.
    init(_ scripts: String...) throws {
        place = try Workplace()
        for script in scripts { try place.copy(script) }
    }

    func put(_ text: String, _ name: String) throws { try place.put(text, name) }

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

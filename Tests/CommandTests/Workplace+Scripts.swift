import Fixtures
import Foundation

/// Scripts of the repository, in a folder of their own with others that only say that they were called.
extension Workplace {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    /// Writes a file that can be started, and its folder.
    func put(_ text: String, _ name: String) throws {
        try ProgramFile.write(text, to: "\(folder)/\(name)")
    }

    /// Copies one of the repository's.
    func copy(_ name: String) throws {
        try put(String(contentsOf: Workplace.root.appending(path: name), encoding: .utf8), name)
    }

    func script(_ name: String, _ arguments: [String] = []) throws -> Result {
        try run(URL(filePath: "\(folder)/\(name)"), arguments)
    }
}

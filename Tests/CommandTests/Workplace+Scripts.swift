import Foundation

/// Scripts of the repository, in a folder of their own with others that only say that they were called.
extension Workplace {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

    /// Writes a file that can be started, and its folder.
    func put(_ text: String, _ name: String) throws {
        let file = URL(filePath: folder).appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    }

    /// Copies one of the repository's.
    func copy(_ name: String) throws {
        try put(String(contentsOf: Workplace.root.appending(path: name), encoding: .utf8), name)
    }

    func script(_ name: String, _ arguments: [String] = []) throws -> Result {
        try run(URL(filePath: "\(folder)/\(name)"), arguments)
    }
}

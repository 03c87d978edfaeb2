public import Diagnostics
internal import Foundation
internal import SICEABI

/// Finds installed programs and runs short ones to their end.
public enum Program {
    /// Full path of a program in PATH or /usr/sbin, which Debian leaves out of PATH; a name with a slash is taken as it
    /// is. Throws `programMissing`.
    public static func find(_ name: String) throws(ToolError) -> String {
        if name.contains("/"), FileManager.default.isExecutableFile(atPath: name) { return name }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin"]
        guard let found = folders.map({ "\($0)/\(name)" }).first(where: FileManager.default.isExecutableFile)
        else { throw ToolError(.programMissing, name) }
        return found
    }

    /// Runs a program until it ends, in a folder if one is named, its words appended to a log. Returns its exit status, or the
    /// number of the signal that ended it. Throws `programMissing`, `outputFailed`, `programFailed` when it cannot be
    /// started.
    public static func run(
        _ name: String, _ arguments: [String], in folder: String? = nil, log: String
    ) throws(ToolError) -> Int32 {
        do throws(ToolError) {
            return try ChildProcess(name, arguments, folder: folder, log: log).wait().number
        } catch {
            // No machine is meant here, just a program that does not start.
            guard error.code == .machineDied else { throw error }
            throw ToolError(.programFailed, "it cannot be started: \(error.detail)")
        }
    }

    /// Runs a program until it ends; returns what it wrote, at most a mebibyte. Throws as ``run(_:_:log:)``.
    public static func output(of name: String, _ arguments: [String]) throws(ToolError) -> String {
        let folder = try TemporaryFolder(
            prefix: FileManager.default.temporaryDirectory.path + "/sice-words-")
        let log = "\(folder.path)/log"
        _ = try run(name, arguments, log: log)
        let words = try InputFile.read(log, limit: 1 << 20, tooLarge: .outputFailed)
        return String(decoding: words, as: UTF8.self)
    }
}

public import Diagnostics
internal import Foundation
internal import SICEABI

/// The project's sources, which machines under attack are built of: the current folder.
public enum Clone {
    /// The path, when it is there. Throws `fileMissing`, with what to do, in any other folder.
    public static func path(_ path: String) throws(ToolError) -> String {
        guard FileManager.default.fileExists(atPath: path) else {
            throw ToolError(
                .fileMissing, "\(path): red-team needs a clone of the project; run tools/attack there")
        }
        return path
    }
}

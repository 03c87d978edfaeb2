public import Diagnostics
internal import Foundation
internal import SICEABI

/// The program that runs machines: QEMU for x86_64.
public enum Emulator {
    /// The installed one, looked for in PATH.
    public static let installed = "qemu-system-x86_64"

    /// The absolute path of the QEMU that a user names; nil is ``installed``, which is looked for when a machine starts.
    /// Throws `emulatorMissing`, `emulatorNotExecutable`, `emulatorForeign` for a program that has no such machine.
    public static func named(_ path: String?) throws(ToolError) -> String {
        guard let path else { return installed }
        try SystemName.requireText(path, otherwise: .emulatorMissing)
        let file = path.absolutePath
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
            throw ToolError(.emulatorMissing, path)
        }
        guard !isFolder.boolValue, FileManager.default.isExecutableFile(atPath: file) else {
            throw ToolError(.emulatorNotExecutable, path)
        }
        guard try machines(of: file).split(separator: "\n").contains(where: { $0.hasPrefix("q35 ") }) else {
            throw ToolError(.emulatorForeign, path)
        }
        return file
    }

    /// What it says of the machines that it has.
    private static func machines(of file: String) throws(ToolError) -> String {
        do throws(ToolError) { return try Program.output(of: file, ["-machine", "help"]) } catch {
            // A file with the right to be executed that is no program.
            guard error.code == .programFailed else { throw error }
            throw ToolError(.emulatorForeign, error.detail)
        }
    }
}

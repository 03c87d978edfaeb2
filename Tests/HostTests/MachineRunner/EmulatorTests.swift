import Diagnostics
import Foundation
import MachineRunner
import SICEABI
import Testing

/// What `--emulator` takes.
@Suite final class EmulatorTests {
    private let folder = FileManager.default.temporaryDirectory.path + "/sice-emulator-\(UUID().uuidString)"
    private var file: String { "\(folder)/qemu" }

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func write(_ text: String, permissions: Int = 0o755) throws {
        try Data(text.utf8).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file)
    }

    private func expect(_ code: ErrorCode, _ path: String) {
        let error = #expect(throws: ToolError.self) { _ = try Emulator.named(path) }
        #expect(error?.code == code && error?.detail.contains(path) == true)
    }

    @Test func installedUnlessNamed() throws {
        #expect(try Emulator.named(nil) == "qemu-system-x86_64")
        try write(
            "#!/bin/sh\n[ \"$*\" = '-machine help' ] && printf 'Supported machines are:\\nq35   Standard PC\\n'\n"
        )
        #expect(try Emulator.named(file) == file)
    }

    @Test func reject_pathWithoutAFile() { expect(.emulatorMissing, file) }

    @Test func reject_folderAndFileThatIsNoProgram() throws {
        expect(.emulatorNotExecutable, folder)
        try write("", permissions: 0o644)
        expect(.emulatorNotExecutable, file)
    }

    /// A program that knows no such machine, and one that says nothing; a file that the kernel does not start.
    @Test(arguments: ["#!/bin/sh\necho 'virt   QEMU 7.2 ARM'\n", "#!/bin/sh\nexit 0\n", "no program\n"])
    func reject_programThatIsNoQEMU(_ text: String) throws {
        try write(text)
        expect(.emulatorForeign, file)
    }
}

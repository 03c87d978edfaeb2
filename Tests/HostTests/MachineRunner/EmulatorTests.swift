import Diagnostics
import Fixtures
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

    private func expect(_ code: ErrorCode, _ path: String) {
        let error = #expect(throws: ToolError.self) { _ = try Emulator.named(path) }
        #expect(error?.code == code && error?.detail.contains(path) == true)
    }

    @Test func installedUnlessNamed() throws {
        #expect(try Emulator.named(nil) == "qemu-system-x86_64")
        try ProgramFile.write(
            "#!/bin/sh\n[ \"$*\" = '-machine help' ] && printf 'Supported machines are:\\nq35   Standard PC\\n'\n",
            to: file)
        #expect(try Emulator.named(file) == file)
    }

    @Test func reject_pathWithoutAFile() { expect(.emulatorMissing, file) }

    @Test func reject_folderAndFileThatIsNoProgram() throws {
        expect(.emulatorNotExecutable, folder)
        try Data().write(to: URL(filePath: file))
        expect(.emulatorNotExecutable, file)
    }

    /// A program that knows no such machine, and one that says nothing; a file that the kernel does not start.
    @Test(arguments: ["#!/bin/sh\necho 'virt   QEMU 7.2 ARM'\n", "#!/bin/sh\nexit 0\n", "no program\n"])
    func reject_programThatIsNoQEMU(_ text: String) throws {
        try ProgramFile.write(text, to: file)
        expect(.emulatorForeign, file)
    }
}

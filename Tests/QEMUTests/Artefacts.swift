import Foundation

/// What `tools/build` made, and whether the tests may use it.
enum Artefacts {
    /// The repository's root.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Why the machine tests do not run on their own: they take minutes and need QEMU.
    static let condition = "needs SICE_QEMU=1 (ci/qemu)"

    /// Whether somebody wants the machine tests. A product that is missing then makes them fail: who asks for them wants
    /// to know about the firmware.
    static let areAskedFor = ProcessInfo.processInfo.environment["SICE_QEMU"] == "1"

    /// Whether the QEMU in PATH has the edits of tools/emulator (ci/emulator says so).
    static let isEmulatorMended = ProcessInfo.processInfo.environment["SICE_EMULATOR_IS_MENDED"] == "1"

    /// A file of `.build-firmware`.
    static func product(_ name: String) -> URL {
        root.appending(path: ".build-firmware").appending(path: name)
    }

    /// A ROM with the given options of `tools/rom/assemble`, in a temporary file that lives as long as the test
    /// process.
    static func assemble(_ options: [String] = standardOptions) throws -> URL {
        let rom = temporary.appending(path: "\(UUID().uuidString).rom")
        let result = try Command(root.appending(path: "tools/rom/assemble"), [rom.path] + options).run()
        guard result.status == 0 else { throw HarnessError.failed("assemble", result.errorText) }
        return rom
    }

    /// Manager and probe.
    static let standardOptions = [
        "--manager", product("manager.bin").path, "--next", product("probe.elf").path,
    ]

    /// The ROM that most tests boot.
    static let standardROM = Result { try assemble() }

    /// Files of this test process; they go when it ends.
    static let temporary: URL = {
        atexit { try? FileManager.default.removeItem(at: Artefacts.temporary) }
        let directory = FileManager.default.temporaryDirectory.appending(path: "sice-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        return directory
    }()
}

/// What can go wrong with the harness itself.
enum HarnessError: Error {
    case failed(String, String)
    case unreadable(String)
}

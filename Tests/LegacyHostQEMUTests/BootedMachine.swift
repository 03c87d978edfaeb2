import Foundation
import MachineRunner
import Target
import Testing

/// Boots ROM, manager and Debian once for a whole suite, and ends the machine after it.
struct BootedMachine: SuiteTrait, TestScoping {
    @TaskLocal static var current: BootedMachine.Access?

    /// What tests need of the machine.
    struct Access: Sendable {
        let client: TargetClient
        let url: String
        let console: Console
        let folder: URL
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let condition = "needs SICE_QEMU=1 and what ci/qemu builds"
    static let isPossible =
        ProcessInfo.processInfo.environment["SICE_QEMU"] == "1"
        && ["sice.rom", "tests/legacy-host.iso"].allSatisfy {
            FileManager.default.isReadableFile(atPath: product($0))
        }

    /// A file that `tools/build` made.
    static func product(_ name: String) -> String { root.appending(path: ".build-firmware/\(name)").path }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        // Disabled suites have a scope too.
        guard Self.isPossible else { return try await function() }
        let folder = FileManager.default.temporaryDirectory.appending(path: "sice-host-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = MachineConfiguration(rom: Self.product("sice.rom"), folder: folder.path)
        configuration.disk = Self.product("tests/legacy-host.iso")
        let machine = try VirtualMachine(configuration)
        defer { machine.stop() }
        try await machine.waitUntilReady()
        let access = Access(
            client: try TargetClient(url: machine.url), url: machine.url,
            console: try Console(socket: folder.path + "/" + FileName.console), folder: folder)
        try await Self.$current.withValue(access, operation: function)
    }
}

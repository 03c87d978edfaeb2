import Foundation
import MachineRunner
import Target
import Testing
import UpstreamROM

/// Boots ROM, manager and Debian once for a whole suite, and ends the machine after it.
struct BootedMachine: SuiteTrait, TestScoping {
    @TaskLocal static var current: BootedMachine.Access?

    /// What tests need of the machine.
    struct Access: Sendable {
        let client: TargetClient
        let url: String
        let console: Console
        let folder: URL
        /// The ROM that it runs.
        let rom: String
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

    /// A ROM to flash; nil for the stand-in ROM.
    private let upstream: UpstreamROM?

    init(_ upstream: UpstreamROM? = nil) { self.upstream = upstream }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        // Disabled suites have a scope too.
        guard Self.isPossible, upstream?.isThere ?? true else { return try await function() }
        let folder = FileManager.default.temporaryDirectory.appending(path: "sice-host-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let rom = try upstream?.flash(in: folder) ?? Self.product("sice.rom")
        var configuration = MachineConfiguration(rom: rom, folder: folder.path)
        configuration.disk = Self.product("tests/legacy-host.iso")
        let machine = try VirtualMachine(configuration)
        defer { machine.stop() }
        try await machine.waitUntilReady()
        let access = Access(
            client: try TargetClient(url: machine.url), url: machine.url,
            console: try Console(socket: folder.path + "/" + FileName.console), folder: folder, rom: rom)
        try await Self.$current.withValue(access, operation: function)
    }
}

extension UpstreamROM {
    /// The ROM with the security manager and the legacy host's GRUB, in a folder. Returns its path.
    func flash(in folder: URL) throws -> String {
        let flashed = folder.appending(path: "\(rawValue).rom").path
        let result = try Tool(
            "sice-attest",
            [
                "flash", "--rom", try #require(file).path, "--out", flashed,
                "--payload", BootedMachine.product("payload.elf"),
                "--manager", BootedMachine.product("manager.bin"), "--next",
                BootedMachine.product("grub.elf"),
            ], in: folder)
        try #require(result.status == 0, "\(result.errors)")
        return flashed
    }
}

import AttestClient
import Fixtures
import Foundation
import MachineRunner
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
        /// The ROM that it runs.
        let rom: String
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    static let condition = "needs SICE_QEMU=1 (ci/qemu)"
    /// Whether somebody wants the machine tests; what is missing then makes them fail.
    static let isAskedFor = ProcessInfo.processInfo.environment["SICE_QEMU"] == "1"

    /// A file that `tools/build` made.
    static func product(_ name: String) -> String { root.appending(path: ".build-firmware/\(name)").path }

    /// A ROM to flash; nil for the stand-in ROM.
    private let upstream: UpstreamROM?
    private let next: NextProgram
    /// Another disk than the next program's own, a product of ci/qemu.
    private let disk: String?
    /// TSEG size in MiB.
    private let smram: Int
    private let cores: Int

    init(
        _ upstream: UpstreamROM? = nil, next: NextProgram = .legacyHostGRUB, disk: String? = nil,
        smram: Int = 64, cores: Int = 2
    ) {
        self.upstream = upstream
        self.next = next
        self.disk = disk
        self.smram = smram
        self.cores = cores
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        // Disabled suites have a scope too.
        guard Self.isAskedFor, upstream?.isThere ?? true, next.isThere else {
            return try await function()
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "sice-host-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let rom = try upstream?.flash(next, in: folder) ?? Self.product("sice.rom")
        var configuration = MachineConfiguration(rom: rom, folder: folder.path)
        configuration.disk = try disk.map(Self.product) ?? next.disk(in: folder)
        configuration.smram = smram
        configuration.cores = cores
        let machine = try await configuration.boot()
        defer { machine.stop() }
        let access = Access(
            client: try TargetClient(url: machine.url), url: machine.url,
            console: try Console(socket: folder.path + "/" + FileName.console), folder: folder, rom: rom)
        try await Self.$current.withValue(access, operation: function)
    }
}

/// What starts the legacy host after the security manager.
enum NextProgram {
    /// The project's GRUB, put into the ROM by `flash`.
    case legacyHostGRUB
    /// SeaBIOS, compressed and in the ROM already, as a user has it.
    case ownSeaBIOS

    var isThere: Bool { self == .legacyHostGRUB || SeaBIOS.isThere }

    /// The disk with the legacy host; one that a BIOS can boot is made in a folder.
    func disk(in folder: URL) throws -> String {
        let plain = BootedMachine.product("tests/legacy-host.iso")
        guard self == .ownSeaBIOS else { return plain }
        let result = try Tool(
            "xorriso",
            [
                "-indev", plain, "-outdev", "bootable.iso", "-map", #require(SeaBIOS.bootImage).path,
                "/boot/image",
                "-boot_image", "any", "bin_path=/boot/image", "-boot_image", "any", "emul_type=no_emulation",
                "-boot_image", "any", "load_size=2048", "-boot_image", "any", "boot_info_table=on",
            ], in: folder)
        try #require(result.status == 0, "\(result.errors)")
        return folder.appending(path: "bootable.iso").path
    }
}

extension UpstreamROM {
    /// The ROM with the security manager, in a folder. Returns its path.
    func flash(_ next: NextProgram, in folder: URL) throws -> String {
        switch next {
        case .legacyHostGRUB:
            return try flash(
                #require(file).path, ["--next", BootedMachine.product("grub.elf")], in: folder)
        case .ownSeaBIOS:
            return try flash(adding(#require(SeaBIOS.program).path, in: folder), in: folder)
        }
    }

    /// Another ROM with the security manager. Returns its path.
    func flash(_ rom: String, _ options: [String] = [], in folder: URL) throws -> String {
        let flashed = folder.appending(path: "\(rawValue).rom").path
        let arguments = [
            "flash", "--out", flashed, "--payload", BootedMachine.product("payload.elf"), "--manager",
            BootedMachine.product("manager.bin"), "--replace", "--rom", rom,
        ]
        let result = try Tool("sice-attest", arguments + options, in: folder)
        try #require(result.status == 0, "\(result.errors)")
        return flashed
    }

    /// The ROM with a program as its own payload, compressed if not said otherwise. Returns its path.
    func adding(
        _ program: String, _ options: [String] = ["-c", "LZMA"], in folder: URL
    ) throws -> String {
        let rom = folder.appending(path: "plain.rom")
        try FileManager.default.copyItem(at: #require(file), to: rom)
        let result = try Tool(
            "cbfstool", [rom.path, "add-payload", "-n", "fallback/payload", "-f", program] + options,
            in: folder)
        try #require(result.status == 0, "\(result.errors)")
        return rom.path
    }
}

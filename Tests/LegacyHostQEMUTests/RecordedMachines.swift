import AttestClient
import Foundation
import MachineRunner
import StrictJSON
import Testing

/// Boots two machines, one of them twice, and leaves their evidence for a whole suite:
/// `first.json` and `again.json` of two boots of one machine, with two cores and with one, `other.json` of a machine
/// with another TPM, another SMRAM size and four cores, `debug.json` of a debug image there; enrollments and reference
/// values by the same names, and those of a ROM with another manager.
struct RecordedMachines: SuiteTrait, TestScoping {
    @TaskLocal static var folder: URL?

    /// An attacker may relay one challenge to as many machines as he likes.
    static let nonce = String(repeating: "5a", count: 32)

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard BootedMachine.isAskedFor else { return try await function() }
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "sice-record-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await record(in: folder)
        try await Self.$folder.withValue(folder, operation: function)
    }

    private func record(in folder: URL) async throws {
        let rom = BootedMachine.product("sice.rom")
        try attest(["reference", "--rom", rom, "--out", "first.reference.json"], in: folder)
        try attest(["reference", "--rom", rom, "--smram", "32", "--out", "other.reference.json"], in: folder)
        try makeOtherManager(in: folder)
        try await boot("one", in: folder) { machine, _ in
            try enroll(machine, "first", in: folder)
            try await collect(machine, "signer", "first", in: folder)
        }
        try await boot("one", cores: 1, in: folder) { machine, _ in
            try await collect(machine, "signer", "again", in: folder)
        }
        try await boot("two", cores: 4, smram: 32, in: folder) { machine, console in
            try enroll(machine, "other", in: folder)
            try await collect(machine, "signer", "other", in: folder)
            let made = try console.run("sice create /tests/debug.image")
            try #require(made.status == 0, "\(made.text)")
            try await collect(machine, "debug", "debug", in: folder)
        }
    }

    private func boot(
        _ name: String, cores: Int = 2, smram: Int = 64, in folder: URL,
        _ body: (VirtualMachine, Console) async throws -> Void
    ) async throws {
        let state = folder.appending(path: name).path
        var configuration = MachineConfiguration(rom: BootedMachine.product("sice.rom"), folder: state)
        configuration.disk = BootedMachine.product("tests/legacy-host.iso")
        configuration.cores = cores
        configuration.smram = smram
        let machine = try await configuration.boot()
        defer { machine.stop() }
        try await body(machine, Console(socket: "\(state)/\(FileName.console)"))
    }

    private func enroll(_ machine: VirtualMachine, _ name: String, in folder: URL) throws {
        let authority = folder.appending(path: name == "first" ? "one" : "two")
            .appending(path: FileName.authorityCertificates).path
        try attest(
            ["enroll", "--url", machine.url, "--ek-ca", authority, "--out", "\(name).enrollment.json"],
            in: folder)
    }

    private func collect(
        _ machine: VirtualMachine, _ environment: String, _ name: String, in folder: URL
    ) async throws {
        let identifier = try await TargetClient(url: machine.url).environment(environment)
        try attest(
            [
                "collect", "--url", machine.url, "--environment", "\(identifier)", "--nonce", Self.nonce,
                "--out",
                "\(name).json",
            ], in: folder)
    }

    private func makeOtherManager(in folder: URL) throws {
        var manager = try Data(contentsOf: URL(filePath: BootedMachine.product("manager.bin")))
        manager[manager.count - 1] ^= 1
        try manager.write(to: folder.appending(path: "manager.bin"))
        let assemble = BootedMachine.root.appending(path: "tools/rom/assemble").path
        let rom = try Tool(
            assemble,
            ["manager.rom", "--manager", "manager.bin", "--next", BootedMachine.product("grub.elf")],
            in: folder)
        try #require(rom.status == 0, "\(rom.errors)")
        try attest(["reference", "--rom", "manager.rom", "--out", "manager.reference.json"], in: folder)
    }

    private func attest(_ arguments: [String], in folder: URL) throws {
        let result = try Tool("sice-attest", arguments, in: folder)
        try #require(result.status == 0, "\(arguments[0]): \(result.errors)")
    }
}

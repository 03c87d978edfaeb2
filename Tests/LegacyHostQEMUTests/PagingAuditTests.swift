import Foundation
import MachineRunner
import Testing

/// The memory of a machine that ran, as a user has it judged.
@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"), .serialized,
    .timeLimit(.minutes(10)))
struct PagingAuditQEMUTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "sice-audit-\(UUID().uuidString)")
    /// Sizes in MiB; the guest has 192.
    private static let memory = 1024, smram = 256

    @Test func judge_aMachineWithEnvironmentsInBothModes() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await runMachine()
        let memory = folder.appending(path: "machine/\(FileName.memory)")
        let attributes = try FileManager.default.attributesOfItem(atPath: memory.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let clean = try audit(["--picture", "map.svg"])
        #expect(clean.status == 0 && clean.lines.last == "verdict: clean", "\(clean.output) \(clean.errors)")
        for name in ["signer (program)", "checksum (program)", "small (Linux guest)"] {
            #expect(clean.output.contains(": \(name)"), "\(name): \(clean.output)")
        }
        #expect(clean.output.contains("windows into the host's memory"))
        let picture = try String(contentsOf: folder.appending(path: "map.svg"), encoding: .utf8)
        #expect(picture.hasPrefix("<svg ") && picture.contains("every rule holds"))
        try open(port: 0x70, in: memory)
        let broken = try audit([])
        #expect(broken.status == 1 && broken.lines.last == "verdict: violated", "\(broken.output)")
        #expect(broken.lines.count { $0.hasPrefix("FINDING") } == 1, "\(broken.output)")
        #expect(broken.lines.contains { $0.hasPrefix("FINDING  permission-map  manager  0x") })
    }

    /// A Linux guest that has booted some of its way, and a program on a core of its own, beside those of the boot; then the
    /// machine ends as it is.
    private func runMachine() async throws {
        var configuration = MachineConfiguration(
            rom: BootedMachine.product("sice.rom"), folder: folder.appending(path: "machine").path)
        configuration.disk = BootedMachine.product("tests/linux-guest.iso")
        configuration.memory = Self.memory
        configuration.smram = Self.smram
        configuration.keepsMemory = true
        let machine = try await configuration.boot()
        defer { machine.stop() }
        let console = try Console(socket: "\(configuration.folder)/\(FileName.console)")
        let script =
            "guest=$(sice create /tests/small.image) && { sice run $guest >/tmp/guest & "
            + "for i in $(seq 600); do test -s /tmp/guest && break; sleep 0.1; done; kill -9 $!; test -s /tmp/guest; }"
            + " && id=$(sice create /images/checksum.image) && sice run $id --mode multi-core --core 1 --detach"
            + " && printf 123456789 | sice call $id --operation 1 --input - | od -An -tx1 && sice list"
        let answer = try console.run(script)
        try #require(answer.status == 0 && answer.text.contains("multi-core"), "\(answer.text)")
        #expect(
            answer.text.contains("time-sharing") && answer.text.contains(" cb f4 39 26"), "\(answer.text)")
    }

    private func audit(_ options: [String]) throws -> Tool {
        try Tool(
            "sice-attest",
            [
                "audit", "--memory", "machine/\(FileName.memory)", "--manager",
                BootedMachine.product("manager.elf"),
            ] + options, in: folder)
    }

    /// Clears a bit of the I/O permission map: the map lies where the manager's symbol is, behind the blocks of 8 cores.
    private func open(port: UInt64, in memory: URL) throws {
        let symbols = try Tool("nm", [BootedMachine.product("manager.elf")], in: folder).output
        let line = symbols.split(separator: "\n").first { $0.hasSuffix(" sice_permission_bytes") }
        let address = try #require(line.flatMap { UInt64($0.prefix(16), radix: 16) })
        let smram = UInt64(Self.memory - Self.smram) << 20
        let file = try FileHandle(forUpdating: memory)
        try file.seek(toOffset: smram + (8 << 16) + (address - 0x40_0000_0000) + port / 8)
        try file.write(contentsOf: Data([0xFF ^ 1 << UInt8(port % 8)]))
        try file.close()
    }
}

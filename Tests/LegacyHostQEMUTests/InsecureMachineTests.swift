import AttestClient
import Foundation
import MachineRunner
import Testing

/// Machines that only the ROM's insecure option lets boot: their evidence says so, and no policy of ours affirms it.
@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"), .serialized,
    .timeLimit(.minutes(10)))
struct InsecureMachineTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "sice-insecure-\(UUID().uuidString)")

    /// With firmware that logs and extends as it should, and with one whose TPM took nothing: PCR 2 is zero then, which the
    /// log does not say.
    @Test(
        arguments: [
            ([], ["posture SICE-E0821:"]),
            (["--log-only"], ["posture SICE-E0821:", "log-replay SICE-E0817:"]),
        ] as [([String], Set<String>)])
    func refuse_evidenceOfAnInsecureROM(_ options: [String], _ expected: Set<String>) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try run(
            BootedMachine.root.appending(path: "tools/rom/assemble").path,
            [
                "insecure.rom", "--manager", BootedMachine.product("manager.bin"), "--next",
                BootedMachine.product("grub.elf"), "--insecure",
            ] + options)
        try run("sice-attest", ["reference", "--rom", "insecure.rom", "--out", "reference.json"])
        try await collect()
        for policy in ["default", "coreboot-qemu", "stand-in"] {
            let verdict = try verify(policy)
            let failed = verdict.lines.filter { $0.hasPrefix("FAIL") }.map {
                $0.dropFirst(4).split(separator: " ").prefix(2).joined(separator: " ")
            }
            #expect(Set(failed) == expected, "\(policy): \(verdict.output)")
            #expect(verdict.lines.last == "verdict: refused", "\(policy)")
            #expect(verdict.status == 1, "\(policy)")
            let isMeasured = !verdict.output.contains("measuredBoot absent")
            #expect(verdict.output.contains("noInsecureOption absent"), "\(policy): \(verdict.output)")
            #expect(isMeasured == options.isEmpty, "\(policy): \(verdict.output)")
        }
    }

    private func collect() async throws {
        let state = folder.appending(path: "machine").path
        var configuration = MachineConfiguration(
            rom: folder.appending(path: "insecure.rom").path, folder: state)
        configuration.disk = BootedMachine.product("tests/legacy-host.iso")
        let machine = try await configuration.boot()
        defer { machine.stop() }
        try run(
            "sice-attest",
            [
                "enroll", "--url", machine.url, "--ek-ca", "\(state)/\(FileName.authorityCertificates)",
                "--out",
                "enrollment.json",
            ])
        let identifier = try await TargetClient(url: machine.url).environment("signer")
        try run(
            "sice-attest",
            [
                "collect", "--url", machine.url, "--environment", "\(identifier)", "--out", "evidence.json",
            ])
    }

    private func verify(_ policy: String) throws -> Tool {
        try Tool(
            "sice-attest",
            [
                "verify", "--evidence", "evidence.json", "--challenge", "evidence.json.challenge",
                "--enrollment",
                "enrollment.json", "--reference", "reference.json", "--image",
                BootedMachine.product("workloads/signer.image"), "--policy", policy,
            ], in: folder)
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        let result = try Tool(program, arguments, in: folder)
        try #require(result.status == 0, "\(arguments.first ?? ""): \(result.errors)")
    }
}

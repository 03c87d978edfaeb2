import Fixtures
import Foundation
import Testing

/// The whole main job on a ROM of the person's own, as the README shows it.
extension UpstreamROM {
    /// The demo flashes the ROM, boots it, signs a file in SMRAM, enrolls, collects and verifies. What it leaves is
    /// refused against another coreboot, and by a policy that wants what only silicon has.
    func expectDemoAffirms() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sice-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let demo = try Tool(
            "sice-demo",
            ["--build", BootedMachine.product(""), "--out", "out", "--rom", #require(file).path], in: folder)
        #expect(demo.status == 0, "\(demo.errors)")
        #expect(demo.lines.last == "verdict: affirmed", "\(demo.output)")
        for check in ["reference-values", "report-key", "measurement", "quote-signature", "workload-data"] {
            #expect(demo.lines.contains { $0.split(separator: " ").prefix(2) == ["pass", check[...]] })
        }
        let out = folder.appending(path: "out")
        try expect([], in: out)
        try expect(["posture"], policy: "default", in: out)
        try makeReferenceOfAnotherCoreboot(in: out)
        try expect(["reference-values"], reference: "other.json", in: out)
    }

    /// Checks that the demo's evidence fails, no others.
    private func expect(
        _ failures: [Substring], reference: String = "reference.json", policy: String = "coreboot-qemu",
        in out: URL
    ) throws {
        let verdict = try Tool(
            "sice-attest",
            [
                "verify", "--evidence", "evidence.json", "--challenge", "evidence.json.challenge",
                "--enrollment", "enrollment.json", "--reference", reference, "--image",
                BootedMachine.product("workloads/signer.image"), "--policy", policy,
            ], in: out)
        let failed = verdict.lines.map { $0.split(separator: " ") }.filter { $0.first == "FAIL" }.map {
            $0[1]
        }
        #expect(failed == failures, "\(verdict.output)")
        #expect(verdict.status == (failures.isEmpty ? 0 : 1))
    }

    /// One bit of coreboot's first stage, which ends the ROM, differs.
    private func makeReferenceOfAnotherCoreboot(in out: URL) throws {
        var bytes = try Data(contentsOf: out.appending(path: "sice.rom"))
        bytes[bytes.count - 0x100] ^= 1
        try bytes.write(to: out.appending(path: "other.rom"))
        let result = try Tool(
            "sice-attest",
            [
                "reference", "--rom", "other.rom", "--image",
                BootedMachine.product("workloads/signer.image"), "--out", "other.json",
            ], in: out)
        try #require(result.status == 0, "\(result.errors)")
    }
}

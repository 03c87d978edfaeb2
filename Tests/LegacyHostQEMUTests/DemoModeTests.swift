import Diagnostics
import Foundation
import OpenSSLCrypto
import SICEABI
import StrictJSON
import Testing

/// The demo with the modes and the guest that a person may ask for.
@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"), .serialized,
    .timeLimit(.minutes(10)))
final class DemoModeQEMUTests {
    private let folder = FileManager.default.temporaryDirectory.appending(
        path: "sice-demo-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func demo(_ arguments: [String]) throws -> Tool {
        try Tool("sice-demo", ["--build", BootedMachine.product(""), "--out", "out"] + arguments, in: folder)
    }

    /// Evidence of each mode is affirmed, says which mode it is of, and names the one image.
    private func expectBothModes(_ demo: Tool, of name: String, _ image: String) throws {
        #expect(demo.status == 0, "\(demo.errors)")
        #expect(demo.lines.last == "verdict: affirmed", "\(demo.output)")
        for mode in ["time-sharing", "multi-core"] {
            #expect(
                demo.lines.contains {
                    $0.hasPrefix("environment ") && $0.contains(": \(name) in \(mode) mode, ")
                })
            let out = folder.appending(path: "out")
            let verdict = try Tool(
                "sice-attest",
                [
                    "verify", "--evidence", "evidence-\(mode).json", "--challenge",
                    "evidence-\(mode).json.challenge", "--enrollment", "enrollment.json", "--reference",
                    "reference.json", "--policy", "stand-in",
                ], in: out)
            #expect(verdict.status == 0, "\(verdict.output)")
        }
        let measurement = try Hex.encode(SHA256.hash(InputFile.read(BootedMachine.product(image))))
        #expect(
            demo.lines.contains { $0.hasPrefix("pass     same-measurement") && $0.contains(measurement) })
        #expect(!demo.lines.contains { $0.hasPrefix("FAIL") || $0.hasPrefix("skipped") })
    }

    /// Beside what an earlier run left: its words are not shown again.
    @Test func affirm_theSignerInBothModes() throws {
        let logs = folder.appending(path: "out/logs")
        try FileManager.default.createDirectory(at: logs, withIntermediateDirectories: true)
        for mode in ["time-sharing", "multi-core"] {
            let log = logs.appending(path: "verify-\(mode).log")
            try "FAIL     of yesterday\nverdict: affirmed\n".write(to: log, atomically: true, encoding: .utf8)
        }
        let demo = try demo(["--mode", "both"])
        try expectBothModes(demo, of: "signer", "workloads/signer.image")
        #expect(demo.lines.count { $0 == "pass     openssl-dgst-verify" } == 2)
    }

    /// The guest boots in each mode, answers a line that is typed to its console, and is switched off.
    @Test func affirm_theLinuxGuestInBothModes() throws {
        let demo = try demo(["--linux", "--mode", "both"])
        try expectBothModes(demo, of: "guest", "guest/guest.image")
        #expect(demo.lines.count { $0.hasSuffix("the guest says: answer: 42 from guest") } == 2)
    }

    @Test(arguments: [["--linux", "letter.txt"], ["--mode", "neither"]])
    func reject_options(_ arguments: [String]) throws {
        #expect(try demo(arguments).status == ErrorCode.usage.description.exitStatus)
        #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "out").path))
    }
}

import AttestClient
import Diagnostics
import Evidence
import EvidenceFormat
import Foundation
import OpenSSLCrypto
import ReportFormat
import SICEABI
import StrictJSON
import Testing

/// Environments on a CPU that Linux gave up for them.
extension LegacyHostQEMUTests {
    private static let online = "cat /sys/devices/system/cpu/cpu1/online"

    /// Creates an environment, runs `body` with its id, and leaves CPU 1 to Linux again.
    private func withEnvironment(_ path: String, _ body: (String) async throws -> Void) async throws {
        let answer = try machine.console.run("sice create \(path)")
        try #require(answer.status == 0, "\(answer.text)")
        defer {
            _ = try? machine.console.run(
                "sice stop \(answer.text); sice destroy \(answer.text);"
                    + " echo 1 >/sys/devices/system/cpu/cpu1/online")
        }
        try await body(answer.text)
    }

    private func checksum(_ identifier: String) throws -> String {
        try machine.console.run(
            "printf 123456789 | sice call \(identifier) --operation 1 --input - | od -An -tx1"
        ).text
    }

    private func claims(of identifier: String) async throws -> ReportClaims {
        let answer = try await machine.client.get(
            "/v1/evidence?nonce=\(Hex.encode(Self.sample(32)))&environment=\(identifier)")
        return try SignedReport(try EvidenceBundle(answer, path: "answer").report).claims
    }

    @Test func runToTheEnd_onACoreOfItsOwn() async throws {
        try await withEnvironment("/tests/steady.image") { identifier in
            let answer = try machine.console.run("sice run \(identifier) --mode multi-core --core 1")
            #expect(answer.status == 0, "\(answer.text)")
            #expect(try machine.console.run(Self.online).text == "1")
            #expect(try machine.console.run("dmesg | grep -c 'smpboot: CPU 1 is now offline'").text != "0")
        }
    }

    /// A program that rings the doorbell goes on, in either mode.
    @Test(arguments: ["", "--mode multi-core --core 1"])
    func runToTheEnd_ringingTheDoorbell(_ options: String) async throws {
        try await withEnvironment("/tests/bell.image") { identifier in
            let answer = try machine.console.run("timeout 30 sice run \(identifier) \(options)")
            #expect(answer.status == 0, "\(answer.text)")
            #expect(try machine.console.run(Self.online).text == "1")
        }
    }

    /// The same image in both modes: same measurement, same answers, and the report says which mode it was.
    @Test func move_betweenModesAndReportEach() async throws {
        try await withEnvironment("/images/checksum.image") { identifier in
            #expect(try checksum(identifier) == " cb f4 39 26")
            let before = try await claims(of: identifier)
            #expect(before.mode == .timeSharing)
            for _ in 0..<5 {
                let there = try machine.console.run("sice move \(identifier) --mode multi-core --core 1")
                #expect(there.status == 0, "\(there.text)")
                #expect(try machine.console.run(Self.online).text == "0")
                #expect(try checksum(identifier) == " cb f4 39 26")
                let meanwhile = try await claims(of: identifier)
                #expect(meanwhile.mode == .multiCore && meanwhile.state == .running)
                #expect(meanwhile.measurement == before.measurement)
                let back = try machine.console.run("sice move \(identifier) --mode time-sharing")
                #expect(back.status == 0, "\(back.text)")
                #expect(try machine.console.run(Self.online).text == "1")
                #expect(try checksum(identifier) == " cb f4 39 26")
            }
        }
    }

    @Test func call_largeDataOnACoreOfItsOwnBesideABusyHost() async throws {
        try await withEnvironment("/images/checksum.image") { identifier in
            let run = try machine.console.run(
                "sice run \(identifier) --mode multi-core --core 1 --detach && sice list | grep -c multi-core"
            )
            #expect(run.text == "1" && run.status == 0)
            let answer = try machine.console.run(
                "(for i in $(seq 2000); do cat /proc/interrupts; done >/dev/null) & "
                    + "head -c 3000000 /dev/zero | sice call \(identifier) --operation 1 --input - | od -An -tx1; wait"
            )
            // CRC-32 of 3,000,000 zeros.
            #expect(answer.text == " 4d 01 a2 65")
            #expect(try machine.console.run("sice stop \(identifier)").status == 0)
            #expect(try machine.console.run("sice stop \(identifier)").status == 0)
            #expect(try machine.console.run(Self.online).text == "1")
        }
    }

    /// Linux brings the CPU online by force, which resets it: that environment is lost, and nothing else.
    @Test func lose_environmentWhoseCoreIsTakenByForce() async throws {
        let other = try await environment("signer")
        try await withEnvironment("/images/checksum.image") { identifier in
            _ = try machine.console.run("sice run \(identifier) --mode multi-core --core 1 --detach")
            #expect(try checksum(identifier) == " cb f4 39 26")
            let force = try machine.console.run("echo 1 >/sys/devices/system/cpu/cpu1/online; \(Self.online)")
            #expect(force.text == "1")
            #expect(try machine.console.run("sice stop \(identifier)").status == 0)
            let claims = try await claims(of: identifier)
            #expect(claims.state == .dead)
            let call = try machine.console.run("sice call \(identifier) --operation 1")
            #expect(call.text.contains("error: \(ErrorCode.wrongState.name):"), "\(call.text)")
            #expect(
                try machine.console.run("taskset 2 sice call \(other) --operation 1 | wc -c").text == "65")
        }
    }

    @Test func reject_coresThatCannotBeGiven() async throws {
        try await withEnvironment("/images/checksum.image") { identifier in
            for (options, status, error) in [
                ("--mode multi-core --core 0", 69, ErrorCode.coreNotMoved),
                ("--mode multi-core --core 7", 69, .noSuchCore),
            ] {
                let answer = try machine.console.run("sice run \(identifier) \(options)")
                #expect(answer.text.contains("error: \(error.name):"), "\(options): \(answer.text)")
                #expect(answer.status == status)
            }
            for options in ["--mode multi-core", "--core 1", "--detach"] {
                #expect(try machine.console.run("sice run \(identifier) \(options)").status == 64)
            }
            #expect(try machine.console.run(Self.online).text == "1")
            #expect(try checksum(identifier) == " cb f4 39 26")
        }
    }
}

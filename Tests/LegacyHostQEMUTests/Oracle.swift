import AttestClient
import Evidence
import EvidenceFormat
import Foundation
import MachineRunner
import OpenSSLCrypto
import Reference
import SICEABI
import StrictJSON
import Testing

/// What a machine says of itself against what others compute: Linux, stock programs, and the ROM file alone.
extension BootedMachine.Access {
    /// Evidence for a nonce of its own.
    func bundle() async throws -> EvidenceBundle {
        let nonce = Hex.encode(SHA256.hash(Array(UUID().uuidString.utf8)))
        let identifier = try await client.environment("signer")
        let answer = try await client.get("/v1/evidence?nonce=\(nonce)&environment=\(identifier)")
        return try EvidenceBundle(answer, path: "answer")
    }

    /// The reference values, computed from the ROM file.
    private func reference() throws -> ReferenceValues {
        let result = try Tool(
            "sice-attest",
            [
                "reference", "--rom", rom, "--image",
                BootedMachine.product("workloads/signer.image"), "--out", "reference.json",
            ], in: folder)
        try #require(result.status == 0, "\(result.errors)")
        let file = folder.appending(path: "reference.json")
        return try ReferenceValues([UInt8](Data(contentsOf: file)), path: file.path)
    }

    /// Enrolls the machine, collects evidence of the signer, and has it judged against the ROM file.
    func expectAffirmed(policy: String) async throws {
        _ = try reference()
        let authority = folder.appending(path: FileName.authorityCertificates).path
        let identifier = try await client.environment("signer")
        for arguments in [
            ["enroll", "--url", url, "--ek-ca", authority, "--out", "enrollment.json"],
            ["collect", "--url", url, "--environment", "\(identifier)", "--out", "evidence.json"],
        ] {
            let result = try Tool("sice-attest", arguments, in: folder)
            try #require(result.status == 0, "\(arguments[0]): \(result.errors)")
        }
        let verdict = try Tool(
            "sice-attest",
            [
                "verify", "--evidence", "evidence.json", "--challenge", "evidence.json.challenge",
                "--enrollment", "enrollment.json", "--reference", "reference.json", "--image",
                BootedMachine.product("workloads/signer.image"), "--policy", policy,
            ], in: folder)
        #expect(verdict.lines.last == "verdict: affirmed", "\(verdict.output)")
        #expect(verdict.status == 0)
    }

    /// `tpm2_checkquote` and `openssl` accept quote and report, and not a signature that is not theirs.
    func expectEvidenceForStockPrograms() async throws {
        let bundle = try await bundle()
        let parts = folder.appending(path: "parts")
        try FileManager.default.createDirectory(at: parts, withIntermediateDirectories: true)
        try Data(bundle.json.text.utf8).write(to: parts.appending(path: "evidence.json"))
        let exported = try Tool(
            "sice-attest", ["export", "--evidence", "evidence.json", "--out", "."], in: parts)
        #expect(exported.status == 0, "\(exported.errors)")
        let data = try String(contentsOf: parts.appending(path: "qualifying-data.hex"), encoding: .utf8)
        var quote = [
            "-u", "attestation-key.pem", "-m", "quote.msg", "-s", "quote.sig", "-g", "sha256", "-f",
            "quote.pcrs",
            "-F", "values", "-l", "sha256:0,2,4,5", "-q",
        ]
        #expect(try Tool("tpm2_checkquote", quote + [data], in: parts).status == 0)
        quote[5] = "report.signature.der"
        #expect(try Tool("tpm2_checkquote", quote + [data], in: parts).status != 0)
        let signed = try Tool(
            "openssl",
            [
                "dgst", "-sha256", "-verify", "report-key.pem", "-signature", "report.signature.der",
                "report.signed-bytes",
            ], in: parts)
        #expect(signed.output == "Verified OK\n")
    }

    /// Linux shows the firmware's log and the TPM's registers without us, and the log leads to the registers.
    func expectLogAndRegistersOfLinux() async throws {
        let bundle = try await bundle()
        let text = try console.run("base64 /sys/kernel/security/tpm0/binary_bios_measurements").text
        let log = try #require(Base64.decode(text.replacingOccurrences(of: "\n", with: "")))
        #expect(log == bundle.eventLog)
        try Data(log).write(to: folder.appending(path: "linux.log"))
        let replay = try Tool("tpm2_eventlog", ["linux.log"], in: folder)
        #expect(replay.status == 0, "\(replay.errors)")
        for (pcr, value) in zip(EvidenceBundle.quotedPCRs, bundle.pcrs) where pcr != 0 {
            #expect(replay.output.contains("0x\(Hex.encode(value))"), "PCR \(pcr)")
        }
        for (pcr, value) in zip(EvidenceBundle.quotedPCRs, bundle.pcrs) {
            let shown = try console.run("cat /sys/class/tpm/tpm0/pcr-sha256/\(pcr)")
            #expect(shown.text.lowercased() == Hex.encode(value), "PCR \(pcr)")
        }
    }

    /// Each register is what the ROM file alone leads to; only the report key's digest comes from the machine.
    func expectRegistersFromROM() async throws {
        let bundle = try await bundle()
        let events = try reference().events
        #expect(events.filter { $0.digest == nil }.count == 1)
        for (pcr, value) in zip(EvidenceBundle.quotedPCRs, bundle.pcrs) {
            let expected = events.filter { Int($0.pcr) == pcr }.reduce([UInt8](repeating: 0, count: 32)) {
                SHA256.hash($0 + ($1.digest ?? SHA256.hash(bundle.reportKey)))
            }
            #expect(value == expected, "PCR \(pcr)")
        }
    }

    /// SMRAM, the communication area and the hidden default SMBASE are in Linux's memory map, as memory that is not its own.
    func expectReservedMemory() throws {
        let table = try console.run(
            "for t in /sys/firmware/acpi/tables/UEFI*; do grep -q SICECOMM $t && base64 $t; done")
        let bytes = try #require(Base64.decode(table.text.replacingOccurrences(of: "\n", with: "")))
        let base = (0..<8).reduce(UInt64(0)) {
            $0 | UInt64(bytes[CommunicationArea.dataBase + $1]) << UInt64(8 * $1)
        }
        try console.expectReserved([base, 0x7C00_0000, 0x7FFF_FFFF, 0x3_0000, 0x4_FFFF])
    }
}

extension Console {
    /// These addresses are in Linux's memory map, as memory that is not its own.
    func expectReserved(_ addresses: [UInt64]) throws {
        let map = try run("cat /proc/iomem").text.split(separator: "\n").map { line in
            let words = line.split(separator: ":", maxSplits: 1)
            let ends = words[0].split(separator: "-").compactMap {
                UInt64($0.trimmingCharacters(in: .whitespaces), radix: 16)
            }
            return (ends: ends, name: words[1].trimmingCharacters(in: .whitespaces))
        }
        for address in addresses {
            let around = map.filter { $0.ends[0] <= address && address <= $0.ends[1] }.map(\.name)
            #expect(around.contains("Reserved"), "\(String(address, radix: 16)): \(around)")
            #expect(!around.contains("System RAM"))
        }
    }

    /// What the kernel complains of about firmware's tables: lines with the words that ACPICA and its own readers begin a
    /// complaint with, without the times.
    func complaints() throws -> [String] {
        let words = [
            "acpi error", "acpi warning", "acpi exception", "acpi bios", "firmware bug", "firmware warn",
        ]
        return try run("dmesg").text.split(separator: "\n").filter { line in
            words.contains { line.lowercased().contains($0) }
        }.map { line in String(line.drop { $0 != "]" }.dropFirst(2)) }
    }
}

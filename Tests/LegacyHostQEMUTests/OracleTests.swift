import Crypto
import Evidence
import Foundation
import Reference
import SICEABI
import StrictJSON
import Target
import Testing

/// What the machine says of itself against what others compute: Linux, stock programs, and the ROM file alone.
extension LegacyHostQEMUTests {
    private func bundle() async throws -> EvidenceBundle {
        let nonce = Hex.encode(SHA256.hash(Array(UUID().uuidString.utf8)))
        let identifier = try await environment("signer")
        let answer = try await machine.client.get("/v1/evidence?nonce=\(nonce)&environment=\(identifier)")
        return try EvidenceBundle(answer, path: "answer")
    }

    /// The reference values, computed from the ROM file.
    private func reference() throws -> ReferenceValues {
        let result = try Tool(
            "sice-attest",
            [
                "reference", "--rom", BootedMachine.product("sice.rom"), "--image",
                BootedMachine.product("workloads/signer.image"), "--out", "reference.json",
            ], in: machine.folder)
        try #require(result.status == 0, "\(result.errors)")
        let file = machine.folder.appending(path: "reference.json")
        return try ReferenceValues([UInt8](Data(contentsOf: file)), path: file.path)
    }

    @Test func quote_andReportAreValidForStockPrograms() async throws {
        let bundle = try await bundle()
        let parts = machine.folder.appending(path: "parts")
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
        let log = try Tool("tpm2_eventlog", ["event.log"], in: parts)
        #expect(log.status == 0, "\(log.errors)")
        for (pcr, value) in zip(EvidenceBundle.quotedPCRs, bundle.pcrs) where pcr != 0 {
            #expect(log.output.contains("0x\(Hex.encode(value))"), "PCR \(pcr)")
        }
    }

    /// Linux shows the firmware's log and the TPM's registers without us.
    @Test func logAndRegisters_areThoseThatLinuxShows() async throws {
        let bundle = try await bundle()
        let log = try machine.console.run("base64 /sys/kernel/security/tpm0/binary_bios_measurements")
        let encoded = log.text.replacingOccurrences(of: "\n", with: "")
        #expect(try #require(Base64.decode(encoded)) == bundle.eventLog)
        for (pcr, value) in zip(EvidenceBundle.quotedPCRs, bundle.pcrs) {
            let shown = try machine.console.run("cat /sys/class/tpm/tpm0/pcr-sha256/\(pcr)")
            #expect(shown.text.lowercased() == Hex.encode(value), "PCR \(pcr)")
        }
    }

    /// Each register is what the ROM file alone leads to; only the report key's digest comes from the machine.
    @Test func registers_areWhatTheROMLeadsTo() async throws {
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

    @Test(arguments: ["signer", "checksum"])
    func measurement_isTheHashOfTheFile(_ name: String) throws {
        let file = try machine.console.run("sha256sum /images/\(name).image | cut -d' ' -f1")
        let listed = try machine.console.run("sice list | awk '/ \(name) / { print $NF; exit }'")
        #expect(listed.text == file.text)
        #expect(listed.text.count == 64)
    }

    /// SMRAM and the communication area are in Linux's memory map, as memory that is not its own.
    @Test func memoryMap_reservesSMRAMAndCommunicationArea() throws {
        let map = try machine.console.run("cat /proc/iomem").text.split(separator: "\n").map { line in
            let words = line.split(separator: ":", maxSplits: 1)
            let ends = words[0].split(separator: "-").compactMap {
                UInt64($0.trimmingCharacters(in: .whitespaces), radix: 16)
            }
            return (ends: ends, name: words[1].trimmingCharacters(in: .whitespaces))
        }
        let table = try machine.console.run(
            "for t in /sys/firmware/acpi/tables/UEFI*; do grep -q SICECOMM $t && base64 $t; done")
        let bytes = try #require(Base64.decode(table.text.replacingOccurrences(of: "\n", with: "")))
        let base = (0..<8).reduce(UInt64(0)) {
            $0 | UInt64(bytes[CommunicationArea.dataBase + $1]) << UInt64(8 * $1)
        }
        for address in [base, 0x7C00_0000, 0x7FFF_FFFF] {
            let around = map.filter { $0.ends[0] <= address && address <= $0.ends[1] }.map(\.name)
            #expect(around.contains("Reserved"), "\(String(address, radix: 16)): \(around)")
            #expect(!around.contains("System RAM"))
        }
    }

    @Test func kernel_hasNoComplaintAboutTheTables() throws {
        let messages = try machine.console.run("dmesg | grep -i acpi")
        #expect(messages.text.contains("SICECOMM"))
        // The words that ACPICA and the kernel's own readers of the tables begin a complaint with.
        let words = [
            "acpi error", "acpi warning", "acpi exception", "acpi bios", "firmware bug", "firmware warn",
        ]
        let complaints = messages.text.split(separator: "\n").filter { line in
            words.contains { line.lowercased().contains($0) }
        }
        #expect(complaints == [])
    }
}

import Diagnostics
import Fixtures
import Foundation
import OpenSSLCrypto
import Reference
import SICEABI
import SoftwareTPM
import Testing
import UpgradeApproval

/// Approvals against stock programs: `openssl` makes the owner's key and checks the signature, a software TPM
/// has the PCRs.
@Suite(.serialized, .enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
struct ApprovalOracleTests {
    private static func approval(by key: SecretKey) throws -> [UInt8] {
        let successor = SuccessorFirmware(
            try ROM(SampleROM().bytes, path: "rom"), smramSize: 64 << 20, vault: .init(repeating: 1),
            securityVersion: 1)
        let encoded = try successor.approval(by: key).encoded
        return encoded.indices.map { encoded[$0] }
    }

    /// Keys in both forms that `openssl` writes, and the file as another program would take it apart.
    @Test(arguments: [
        "openssl ecparam -name prime256v1 -genkey -out key.pem",
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem",
    ])
    func openssl_acceptsTheSignature(_ command: String) throws {
        let tpm = try SoftwareTPM(rsaBits: nil)
        #expect(tpm.run(command.split(separator: " ").map(String.init)) != nil)
        #expect(tpm.run("openssl", "pkey", "-in", "key.pem", "-pubout", "-out", "public.pem") != nil)
        let key = try #require(SecretKey(pem: InputFile.read("\(tpm.folder)/key.pem")))
        let bytes = try Self.approval(by: key)
        let signature = DER.ecdsaSignature(r: Array(bytes[192..<224]), s: Array(bytes[224..<256]))
        try OutputFile.write(signature, to: "\(tpm.folder)/signature.der")
        let message = Array("SICE-UPGRADE-APPROVAL-1".utf8) + bytes[..<192]
        try OutputFile.write(message, to: "\(tpm.folder)/message")
        let verify = [
            "openssl", "dgst", "-sha256", "-verify", "public.pem", "-signature", "signature.der", "message",
        ]
        #expect(tpm.run(verify) == "Verified OK\n")
        // The owner's name is the hash of the point, the last 65 bytes of its SubjectPublicKeyInfo.
        #expect(bytes[16..<48].elementsEqual(SHA256.hash(key.point)))
        #expect(bytes[256...].elementsEqual(key.point))
        let convert = "openssl pkey -pubin -in public.pem -outform DER -out der"
        #expect(tpm.run(convert.split(separator: " ").map(String.init)) != nil)
        #expect(try InputFile.read("\(tpm.folder)/der").suffix(65).elementsEqual(key.point))
    }

    /// Keys that are none of ours: another curve, another kind, encrypted.
    @Test(arguments: [
        "openssl ecparam -name secp384r1 -genkey -out key.pem",
        "openssl genpkey -algorithm ED25519 -out key.pem",
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -aes256 -pass pass:x -out key.pem",
    ])
    func reject_keyOfAnotherKind(_ command: String) throws {
        let tpm = try SoftwareTPM(rsaBits: nil)
        #expect(tpm.run(command.split(separator: " ").map(String.init)) != nil)
        #expect(SecretKey(pem: try InputFile.read("\(tpm.folder)/key.pem")) == nil)
    }

    /// A TPM that was extended as the reference says comes, at the report key, to the policy that was signed
    /// before.
    @Test func tpm2PolicyPCR_comesToTheApprovedPolicy() throws {
        let tpm = try SoftwareTPM(rsaBits: nil)
        func run(_ command: String...) -> String? { tpm.runTool(command) }
        let events = try ReferenceValues(
            ROM(SampleROM().bytes, path: "rom"), smramSize: 64 << 20, images: []
        ).events
        for event in events {
            guard let digest = event.digest else { break }
            #expect(run("tpm2_pcrextend", "\(event.pcr):sha256=\(Self.hex(digest))") != nil)
        }
        #expect(run("tpm2_startauthsession", "-S", "s") != nil)
        let text = try #require(run("tpm2_policypcr", "-S", "s", "-l", "sha256:0,2,4,5"))
        let policy = try Self.approval(by: SecretKey())[80..<112]
        #expect(text.contains(Self.hex(policy)))
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }
}

import Diagnostics
import Foundation
import SICEABI
import SoftwareTPM
import TPM2
import TPMAttestation
import Testing

/// Against swtpm, with tpm2-tools as the second opinion.
@Suite(.serialized, .enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
struct AttestationTPMTests {
    @Test func identity_certificateBelongsToEndorsementKey() throws {
        let tpm = try SoftwareTPM()
        var client = try tpm.open()
        let identity = try client.identity()
        try Data(identity.endorsementCertificate).write(to: URL(fileURLWithPath: tpm.folder + "/ek.der"))
        let modulus = try #require(
            tpm.run("openssl", "x509", "-inform", "DER", "-in", "ek.der", "-noout", "-modulus"))
        let hex = identity.endorsementKey.suffix(256).map { String(format: "%02X", $0) }.joined()
        #expect(modulus.contains(hex))
        #expect(
            tpm.run("openssl", "verify", "-CAfile", "ca/issuercert.pem", "-partial_chain", "ek.der") != nil)
    }

    @Test func quote_verifiesWithStockTools() throws {
        let tpm = try SoftwareTPM()
        var client = try tpm.open()
        let nonce = [UInt8](repeating: 0x42, count: 32)
        let quote = try client.quote(qualifyingData: nonce, pcrMask: 0b11_0101)
        #expect(quote.attestationKey == (try client.identity()).attestationKey)
        for (name, bytes) in [
            ("ak.pub", quote.attestationKey), ("quote.msg", quote.attest), ("quote.sig", quote.signature),
        ] {
            try Data(bytes).write(to: URL(fileURLWithPath: tpm.folder + "/" + name))
        }
        let qualification = nonce.map { String(format: "%02x", $0) }.joined()
        #expect(
            tpm.run(
                "tpm2_checkquote", "-u", "ak.pub", "-m", "quote.msg", "-s", "quote.sig", "-q", qualification,
                "-g", "sha256") != nil)
        let otherNonce = String(qualification.dropLast(2)) + "43"
        #expect(
            tpm.run(
                "tpm2_checkquote", "-u", "ak.pub", "-m", "quote.msg", "-s", "quote.sig", "-q", otherNonce,
                "-g", "sha256") == nil)
    }

    @Test func pcr_isZeroAfterReset() throws {
        let tpm = try SoftwareTPM()
        var client = try tpm.open()
        #expect(try client.pcr(4) == [UInt8](repeating: 0, count: 32))
    }

    @Test func reject_credentialForAnotherKey() throws {
        let tpm = try SoftwareTPM()
        var client = try tpm.open()
        let credential = [UInt8]([0, 52, 0, 32]) + [UInt8](repeating: 7, count: 50)
        let secret = [UInt8]([1, 0]) + [UInt8](repeating: 7, count: 256)
        #expect {
            _ = try client.activate(credential: credential, secret: secret)
        } throws: { ($0 as? ToolError)?.code == .tpmCommandFailed }
        // Nothing was left behind in the TPM's three object slots.
        for _ in 0..<4 {
            _ = try? client.activate(credential: credential, secret: secret)
        }
        _ = try client.quote(qualifyingData: [], pcrMask: 1)
    }

    /// A TPM counts the use of a key with a password as a failed guess when power goes without TPM2_Shutdown, and after a few
    /// refuses it (TPM_RC_LOCKOUT): the attestation key must have no part in that.
    @Test func quote_worksAfterManyCuts() throws {
        let tpm = try SoftwareTPM()
        var key: [UInt8]?
        for _ in 0..<12 {
            var client = try tpm.open()
            let quote = try client.quote(qualifyingData: [1], pcrMask: 1)
            #expect(key == nil || quote.attestationKey == key)
            key = quote.attestationKey
            try tpm.cutPower()
        }
    }

    @Test func reject_missingDevice() {
        #expect {
            _ = try TPMDevice(path: "/nonexistent/tpmrm0")
        } throws: { ($0 as? ToolError)?.code == .noTPMDevice }
        #expect {
            _ = try TPMDevice(socket: "/nonexistent/socket")
        } throws: { ($0 as? ToolError)?.code == .noTPMDevice }
    }
}

import Diagnostics
import Fixtures
import OpenSSLCrypto
import Reference
import SICEABI
import Testing
import UpgradeApproval

/// What an approval says of a ROM file.
@Suite struct SuccessorFirmwareTests {
    /// TPM2_PolicyPCR (Part 3 §23.7) by OpenSSL, over what the reference says of the events before the report key.
    @Test func policy_isOfThePCRsThatTheReferenceSays() throws {
        let rom = SampleROM()
        let events = try ReferenceValues(
            ROM(rom.bytes, path: "rom"), smramSize: 64 << 20, images: []
        ).events
        let early = try events.prefix(#require(events.firstIndex { $0.name == "sice/report-key" }))
        #expect(early.map(\.name).suffix(2) == ["sice/manager", "sice/config"])
        let zeros = [UInt8](repeating: 0, count: 32)
        let values = [0, 2, 4, 5].flatMap { (pcr: UInt32) in
            early.filter { $0.pcr == pcr }.reduce(zeros) { SHA256.extend($0, with: $1.digest ?? []) }
        }
        let selection: [UInt8] = [0, 0, 0, 1, 0, 0x0B, 3, 0x35, 0, 0]
        let policy = SHA256.hash(zeros + [0, 0, 1, 0x7F] + selection + SHA256.hash(values))
        let approval = try SignedSuccessor.approval(SignedSuccessor.firmware(rom))
        #expect(SignedSuccessor.array(approval.policy) == policy)
    }

    @Test func approval_saysWhatItWasMadeFrom() throws {
        let approval = try SignedSuccessor.approval(SignedSuccessor.firmware())
        let array: (InlineArray<32, UInt8>) -> [UInt8] = SignedSuccessor.array
        #expect(array(approval.vault) == array(SignedSuccessor.vault))
        #expect(array(approval.root) == array(SignedSuccessor.root))
        #expect(array(approval.owner) == SHA256.hash(SignedSuccessor.owner.point))
        #expect(approval.securityVersion == 5)
    }

    /// Each file that is measured before the root is opened, TSEG's size, and nothing that is measured later.
    @Test func policy_dependsOnWhatIsMeasuredBefore() throws {
        var policies: Set<[UInt8]> = []
        func add(_ changedFile: String?, smramSize: UInt64 = 64 << 20) throws {
            var rom = SampleROM()
            if let changedFile {
                rom.files[try #require(rom.files.firstIndex { $0.name == changedFile })].content[0] ^= 1
            }
            var firmware = try SignedSuccessor.firmware(rom)
            firmware.smramSize = smramSize
            policies.insert(SignedSuccessor.array(try SignedSuccessor.approval(firmware).policy))
        }
        for name in [nil, "fallback/payload", "sice/manager", "bootblock"] { try add(name) }
        try add(nil, smramSize: 128 << 20)
        #expect(policies.count == 5)
        try add("sice/next")
        #expect(policies.count == 5)
    }

    /// A ROM that has no root, or that no reference can be computed of, gets no approval.
    @Test func reject_ROMThatHasNoRoot() throws {
        func code(_ change: (inout SampleROM) -> Void) -> ErrorCode? {
            var rom = SampleROM()
            change(&rom)
            do throws(ToolError) {
                _ = try SignedSuccessor.firmware(rom).approval(by: SignedSuccessor.owner)
                return nil
            } catch { return error.code }
        }
        #expect(code { _ in } == nil)
        #expect(code { $0.files.append(("sice/insecure", [0x31])) } == .usage)
        #expect(code { $0.files.removeAll { $0.name == "sice/manager" } } == .romFileMissing)
    }

    @Test func reject_vaultOfZeros() throws {
        var firmware = try SignedSuccessor.firmware()
        firmware.vault = .init(repeating: 0)
        let error = #expect(throws: ToolError.self) { try firmware.approval(by: SignedSuccessor.owner) }
        #expect(error?.code == .approvalMalformed)
    }
}

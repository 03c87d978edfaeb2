import Diagnostics
import Fixtures
import OpenSSLCrypto
import Reference
import SICEABI
import UpgradeApproval

/// Firmware that its owner approves, the machine that it is for, and what such a machine makes of any bytes.
enum SignedSuccessor {
    static let owner = SecretKey()
    static let vault = InlineArray<32, UInt8>(repeating: 0xC3)
    static let root = InlineArray<32, UInt8>(repeating: 0xA1)

    static func firmware(_ rom: SampleROM = SampleROM()) throws(ToolError) -> SuccessorFirmware {
        SuccessorFirmware(
            try ROM(rom.bytes, path: "rom"), smramSize: 64 << 20, vault: vault, securityVersion: 5)
    }

    static func machine(_ owner: SecretKey = owner, version: UInt32 = 5) -> ApprovedMachine {
        let identity = SHA256.hash(owner.point)
        return ApprovedMachine(
            owner: InlineArray { identity[$0] }, root: root, securityVersion: version)
    }

    /// The file for a machine, or for any of the owner's.
    static func bytes(for root: InlineArray<32, UInt8>? = root) throws(ToolError) -> [UInt8] {
        array(try firmware().approval(by: owner, for: root).encoded)
    }

    /// What a machine takes from an approval of a ROM.
    static func approval(_ firmware: SuccessorFirmware) throws -> UpgradeApproval {
        var check = OpenSSLApprovalCheck()
        let file = try firmware.approval(by: owner, for: root)
        return try file.approval(on: machine(), by: &check)
    }

    /// nil: the machine acts by it.
    static func error(_ bytes: [UInt8], on machine: ApprovedMachine = machine()) -> ErrorCode? {
        var check = OpenSSLApprovalCheck()
        do throws(ErrorCode) {
            let file = try ApprovalFile(bytes.span)
            _ = try file.approval(on: machine, by: &check)
            return nil
        } catch { return error }
    }

    static func array<let count: Int>(_ bytes: InlineArray<count, UInt8>) -> [UInt8] {
        bytes.indices.map { bytes[$0] }
    }
}

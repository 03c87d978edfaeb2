public import Diagnostics
public import OpenSSLCrypto
internal import SICEABI
public import UpgradeApproval

/// Firmware in a ROM file, to which an owner lets machines pass the root of sealed storage on.
public struct SuccessorFirmware: Sendable {
    /// Size of TSEG in bytes; it is part of the measured configuration.
    public var smramSize: UInt64
    /// Measurement of its vault.
    public var vault: InlineArray<32, UInt8>
    public var securityVersion: UInt32
    private let rom: ROM

    public init(_ rom: ROM, smramSize: UInt64, vault: InlineArray<32, UInt8>, securityVersion: UInt32) {
        self.rom = rom
        (self.smramSize, self.vault, self.securityVersion) = (smramSize, vault, securityVersion)
    }

    /// Approves it, away from any machine that has it. Whether it boots, the caller checks; whether its security version
    /// and its vault are those of this ROM, nothing in a ROM says yet.
    ///
    /// - Parameter root: identifier of the root of the one machine that it is for; nil: any machine of the owner.
    /// - Throws: `romFileSystemDamaged`, `romNoFileSystem`, `romFileMissing`; `usage` for a ROM with the insecure
    ///   option, which has no root, and whose code could read it; `approvalMalformed` for a vault of zeros.
    public func approval(
        by owner: SecretKey, for root: InlineArray<32, UInt8>? = nil
    ) throws(ToolError) -> ApprovalFile {
        let insecure = "\(BootMeasurement.insecureOption)"
        guard try rom.digest(of: insecure) == nil else {
            throw ToolError(.usage, "\(rom.path): with \(insecure) firmware has no root; approve it without")
        }
        let reference = try ReferenceValues(rom, smramSize: smramSize, images: [])
        let identity = SHA256.hash(owner.point)
        let approval = UpgradeApproval(
            owner: InlineArray { identity[$0] }, root: root ?? InlineArray(repeating: 0),
            policy: reference.rootPolicy, vault: vault, securityVersion: securityVersion)
        do throws(ErrorCode) { return try ApprovalFile(approval, by: owner) } catch {
            throw ToolError(error, rom.path)
        }
    }
}

extension ApprovalFile {
    fileprivate init(_ approval: UpgradeApproval, by owner: SecretKey) throws(ErrorCode) {
        let message = approval.message
        let (signature, point) = (owner.sign(message.indices.map { message[$0] }), owner.point)
        try self.init(
            approval, signature: InlineArray { signature[$0] }, point: InlineArray { point[$0] })
    }
}

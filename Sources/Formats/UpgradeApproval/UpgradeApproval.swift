import ByteIO
public import SICEABI

/// What an owner says of firmware: it may have the root of sealed storage, when the firmware that has it now
/// is gone.
///
/// It is said by the 192 bytes of ``encoded`` (little-endian): magic (u64), format version (u32), security
/// version (u32); 32 bytes each of owner, root, policy and vault; zeros.
public struct UpgradeApproval: Equatable, Sendable {
    /// SHA-256 of the owner's public point.
    public var owner: InlineArray<32, UInt8>
    /// Identifier of the root of the one machine that it is for; zeros: any machine of the owner.
    public var root: InlineArray<32, UInt8>
    /// TPM2_PolicyPCR digest of the PCRs that the successor has when it opens the root: what goes into P0 or
    /// P1.
    public var policy: InlineArray<32, UInt8>
    /// Measurement of the successor's vault.
    public var vault: InlineArray<32, UInt8>
    /// The successor's. It never goes down: else the owner's old approvals would bring old faults back.
    public var securityVersion: UInt32

    public static let size = 192
    /// ASCII "SICEUPG1".
    private static let magic: UInt64 = 0x3147_5055_4543_4953
    private static let version: UInt32 = 1

    private enum Place {
        static let version = 8, securityVersion = 12, owner = 16, root = 48, policy = 80, vault = 112
        static let reserved = 144
    }

    public init(
        owner: InlineArray<32, UInt8>, root: InlineArray<32, UInt8> = .init(repeating: 0),
        policy: InlineArray<32, UInt8>, vault: InlineArray<32, UInt8>, securityVersion: UInt32
    ) {
        (self.owner, self.root, self.policy, self.vault) = (owner, root, policy, vault)
        self.securityVersion = securityVersion
    }

    /// Reads exactly one. Nothing of it is to be believed before its signature was checked
    /// (``ApprovalFile``).
    ///
    /// Throws `approvalMalformed` for another size, magic or version, for reserved bytes that are not zero,
    /// and for an owner, a policy or a vault of zeros: a policy of zeros lets nobody in, and would lock the
    /// machine out of its own root.
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        guard bytes.count == Self.size, bytes.littleEndian(at: 0, as: UInt64.self) == Self.magic,
            bytes.littleEndian(at: Place.version, as: UInt32.self) == Self.version,
            bytes.extracting(Place.reserved..<Self.size).isAllZero
        else { throw .approvalMalformed }
        securityVersion = bytes.littleEndian(at: Place.securityVersion, as: UInt32.self)
        owner = bytes.digest(at: Place.owner)
        root = bytes.digest(at: Place.root)
        policy = bytes.digest(at: Place.policy)
        vault = bytes.digest(at: Place.vault)
        guard isComplete else { throw .approvalMalformed }
    }

    /// Whether nothing is missing that each approval has.
    public var isComplete: Bool { !owner.isZero && !policy.isZero && !vault.isZero }

    public var encoded: InlineArray<192, UInt8> {
        var bytes = InlineArray<192, UInt8>(repeating: 0)
        var fields = bytes.mutableSpan
        fields.storeLittleEndian(Self.magic, at: 0)
        fields.storeLittleEndian(Self.version, at: Place.version)
        fields.storeLittleEndian(securityVersion, at: Place.securityVersion)
        for index in 0..<32 {
            fields[Place.owner + index] = owner[index]
            fields[Place.root + index] = root[index]
            fields[Place.policy + index] = policy[index]
            fields[Place.vault + index] = vault[index]
        }
        return bytes
    }

    /// "SICE-UPGRADE-APPROVAL-1": no other signature of the owner's key is one of these.
    private static let domain: InlineArray<23, UInt8> = [
        0x53, 0x49, 0x43, 0x45, 0x2D, 0x55, 0x50, 0x47, 0x52, 0x41, 0x44, 0x45, 0x2D, 0x41, 0x50, 0x50, 0x52,
        0x4F, 0x56, 0x41, 0x4C, 0x2D, 0x31,
    ]

    /// What the owner signs: the domain, then ``encoded``.
    public var message: InlineArray<215, UInt8> {
        let (domain, body) = (Self.domain, encoded)
        var bytes = InlineArray<215, UInt8>(repeating: 0)
        for index in 0..<23 { bytes[index] = domain[index] }
        for index in 0..<192 { bytes[index + 23] = body[index] }
        return bytes
    }

    public static func == (left: UpgradeApproval, right: UpgradeApproval) -> Bool {
        left.encoded.isEqual(to: right.encoded)
    }
}

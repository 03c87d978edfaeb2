import ByteIO
public import SICEABI

/// TPMS_NV_PUBLIC of an NV index whose name algorithm is SHA-256 (Part 2 §13.6): what TPM2_NV_DefineSpace takes,
/// what TPM2_NV_ReadPublic shows, and what the index's Name is the hash of. Contents and authorization value have
/// no part in it.
public struct NVPublicArea {
    /// Where the attributes stand.
    static let attributesField = 6..<10

    /// Handle of the index, 0x01000000 to 0x01FFFFFF.
    public let index: UInt32
    /// Bits of ``NVAttributes``.
    public var attributes: UInt32
    /// authPolicy; nil is the empty policy, which no session satisfies.
    public let policy: InlineArray<32, UInt8>?
    /// Bytes of the contents.
    public let dataSize: UInt16

    public init(index: UInt32, attributes: UInt32, policy: InlineArray<32, UInt8>?, dataSize: UInt16) {
        self.index = index
        self.attributes = attributes
        self.policy = policy
        self.dataSize = dataSize
    }

    /// Stores it as the TPM marshals it and returns its length in bytes: 46 with a policy, 14 without. Throws `bufferTooSmall`.
    public func store(in bytes: consuming MutableSpan<UInt8>) throws(ErrorCode) -> Int {
        var writer = ByteWriter(bytes)
        do {
            try writer.writeBigEndian(index)
            try writer.writeBigEndian(TPMAlgorithm.sha256)
            try writer.writeBigEndian(attributes)
            try writer.writeBigEndian(UInt16(policy == nil ? 0 : ABI.digestSize))
            if let policy { try writer.write(policy.span) }
            try writer.writeBigEndian(dataSize)
        } catch { throw .bufferTooSmall }
        return writer.count
    }
}

/// What TPM2_NV_ReadPublic shows of an index.
public enum NVIndexState: Equatable, Sendable {
    /// No index has this handle.
    case absent
    /// One has it, with another public area.
    case different
    /// Its public area is the one asked about, but for the attributes, which are these.
    case alike(attributes: UInt32)
}

/// Bits of TPMA_NV (Part 2 §13.4).
public enum NVAttributes {
    public static let platformWrite: UInt32 = 1 << 0
    public static let authWrite: UInt32 = 1 << 2
    /// TPM_NT_EXTEND in bits 4 to 7: a write is an extension, as a PCR's.
    public static let extend: UInt32 = 4 << 4
    /// Only TPM2_NV_UndefineSpaceSpecial, with the index's policy, deletes it; not the platform alone.
    public static let policyDelete: UInt32 = 1 << 10
    public static let writeLocked: UInt32 = 1 << 11
    /// Once write-locked it stays so.
    public static let writeDefine: UInt32 = 1 << 13
    public static let platformRead: UInt32 = 1 << 16
    public static let authRead: UInt32 = 1 << 18
    public static let policyRead: UInt32 = 1 << 19
    /// Wrong authorizations are not counted: nobody can lock the index by guessing.
    public static let noDictionaryAttack: UInt32 = 1 << 25
    public static let readLocked: UInt32 = 1 << 28
    public static let written: UInt32 = 1 << 29
    /// The platform defined it: the owner can neither delete it nor define its like.
    public static let platformCreate: UInt32 = 1 << 30
    /// A read lock lasts until the next TPM2_Startup(CLEAR).
    public static let readLockUntilReset: UInt32 = 1 << 31
}

/// What the payload hands to the manager inside SMRAM before the first SMI, and how SMRAM is laid out.
/// Offsets are in bytes; integers are little-endian.
public enum SMRAMLayout {
    /// Each core owns a block of this size at TSEG base + index × stride; SMBASE is the block's start.
    public static let coreBlockStride: UInt64 = 0x1_0000
    public static let stackBottom: UInt64 = 0x1000  // page 0 of a block is a guard, unmapped
    public static let stackTop: UInt64 = 0x6000
    public static let hostStatePage: UInt64 = 0x6000  // VMSAVE area of the host
    public static let hsavePage: UInt64 = 0x7000  // VM_HSAVE_PA while the manager runs a guest
    public static let entryPage: UInt64 = 0x8000  // entry stub, read + execute
    public static let xsavePages: UInt64 = 0x9000  // host XSAVE area, 0x9000…0xC000
    public static let guestXsavePages: UInt64 = 0xC000  // 0xC000…0xF000
    public static let saveStatePage: UInt64 = 0xF000
    /// The manager's image starts here, after the blocks of all ``ABI/maximumCores`` cores.
    public static let managerOffset: UInt64 = 8 * coreBlockStride
}

/// Fields of the handoff structure; the manager image's header names its place.
public enum HandoffLayout {
    /// ASCII "SICEHND1".
    public static let magicValue: UInt64 = 0x3144_4E48_4543_4953
    public static let magic = 0  // u64
    public static let tsegBase = 8  // u64
    public static let tsegSize = 16  // u64
    public static let poolBase = 24  // u64 physical, first page of the pool
    public static let poolPages = 32  // u64
    public static let metadataBase = 40  // u64 physical: page-owner metadata, zeroed by the payload
    public static let metadataSize = 48  // u64
    public static let coreCount = 56  // u32
    public static let flags = 60  // u32 HandoffFlags
    public static let apicIdentifiers = 64  // 8 × u32
    public static let managerDigest = 96  // 32 bytes
    public static let entropy = 128  // 64 bytes from the TPM
    public static let communicationBase = 192  // u64
    public static let communicationSize = 200  // u64
    public static let ramRangeCount = 208  // u32
    public static let ramRanges = 216  // maximumRAMRanges × (u64 base, u64 size): RAM, SMRAM excluded
    public static let maximumRAMRanges = 16
    public static let size = 512
}

/// Bits of ``HandoffLayout/flags``: what only the payload could see.
public enum HandoffFlags {
    public static let insecureOption: UInt32 = 1 << 0
    public static let standInROM: UInt32 = 1 << 1
    public static let measuredBoot: UInt32 = 1 << 2
    public static let platformHierarchyClosed: UInt32 = 1 << 3
}

/// Header at the start of the `sice/manager` file (a flat image: text, rodata, data; bss follows).
/// All segments start on page boundaries of the image; addresses are offsets from the image start.
public enum ManagerImageLayout {
    /// ASCII "SICEMGR1".
    public static let magicValue: UInt64 = 0x3152_474D_4543_4953
    public static let magic = 0  // u64
    public static let fileSize = 8  // u32
    public static let memorySize = 12  // u32, bss included
    public static let textEnd = 16  // u32: [0, textEnd) read + execute (the header page included)
    public static let rodataEnd = 20  // u32: [textEnd, rodataEnd) read only
    public static let entry64 = 24  // u32: 64-bit entry, reached from the stub
    public static let stub = 28  // u32: 16-bit entry stub, to be copied to each core's entry page
    public static let stubSize = 32  // u32
    public static let stubParameters = 36  // u32: offset of StubParameters inside the stub
    public static let handoff = 40  // u32: where HandoffLayout goes
    public static let version = 48  // 16 bytes, NUL-padded
    public static let size = 64
    /// Virtual address at which the image is linked and mapped.
    public static let virtualBase: UInt64 = 0x40_0000_0000
    /// Virtual address of physical address 0 in the direct map of SMRAM (only SMRAM is mapped there).
    public static let directMapBase: UInt64 = 0x80_0000_0000
    /// Virtual address of core N's temporary mappings of host memory: base + N × 2 MiB.
    public static let hostMapBase: UInt64 = 0xC0_0000_0000
}

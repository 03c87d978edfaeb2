/// How SMRAM is laid out. Offsets are in bytes; integers are little-endian.
public enum SMRAMLayout {
    /// Each core owns a block of this size at TSEG base + index × stride; SMBASE is the block's start.
    public static let coreBlockStride: UInt64 = 0x1_0000
    public static let stackBottom: UInt64 = 0x1000  // page 0 of a block is a guard, unmapped
    public static let stackTop: UInt64 = 0x7000
    public static let hsavePage: UInt64 = 0x7000  // VM_HSAVE_PA while the manager runs a guest; not mapped
    public static let entryPage: UInt64 = 0x8000  // entry stub, read + execute
    public static let hostStatePage: UInt64 = 0x9000  // VMSAVE area of the host; not mapped
    public static let coreDataPage: UInt64 = 0xA000  // ``CoreDataLayout``; page 0xB000 is a guard, unmapped
    public static let faultStackBottom: UInt64 = 0xC000
    public static let faultStackTop: UInt64 = 0xE000  // page 0xE000 is unused, unmapped
    public static let saveStatePage: UInt64 = 0xF000
    /// The manager's image starts here, after the blocks of all ``ABI/maximumCores`` cores.
    public static let managerOffset: UInt64 = 8 * coreBlockStride
    /// Pages set aside for the manager's own page tables, after the image.
    public static let tablePages: UInt64 = 32
    /// Page-owner metadata of the pool: bytes per page.
    public static let metadataBytesPerPage: UInt64 = 5
    /// TSEG sizes that the manager serves; its base is a multiple of 1 MiB, its end at most 4 GiB.
    public static let minimumSize: UInt64 = 16 << 20
    public static let maximumSize: UInt64 = 1 << 30
}

/// A core's private data (``SMRAMLayout/coreDataPage``). The installer writes the tables, the manager the rest.
/// Assembly has the same numbers in CMachine's `core_data.h`.
public enum CoreDataLayout {
    public static let hostFPU = 0x000  // 512 bytes, FXSAVE64 image of the host
    public static let tablePointer = 0x200  // u16 limit, u64 base: operand of LGDT
    public static let descriptorTable = 0x210  // null, code 0x08, data 0x10, task 0x18 (16 bytes)
    public static let taskState = 0x240  // 104 bytes; interrupt stack 1 is the fault stack
    public static let blockAddress = 0x2B0  // u64 physical
    public static let faultDepth = 0x2B8  // u32 faults being handled
    public static let switched = 0x2BC  // u32 1 while the host's state is saved and a guest's is loaded
    public static let hostCR2 = 0x2C0  // u64
    public static let hostHSAVE = 0x2C8  // u64
    public static let core = 0x2D0  // u32 core index
    public static let inside = 0x2D4  // u32 1 from entry to RSM: still set at an entry, the core was reset
    public static let isolated = 0x2D8  // u32 1 while the guest that it runs holds host interrupts off
    public static let attention = 0x2DC  // u32 raised by other cores before they send this one a signal
    public static let hostExtendedControl = 0x2E0  // u64 XCR0
    public static let hostProtectionKeys = 0x2E8  // u32 PKRU
    public static let hasLinuxState = 0x2EC  // u32 1 while the two fields before are in use
}

/// Fields that the installer patches into each copy of the entry stub.
public enum StubParametersLayout {
    public static let entry64 = 0  // u64 virtual
    public static let stackTop = 8  // u64 virtual
    public static let pageTableRoot = 16  // u32 physical
    public static let efer = 20  // u32, of the manager
    public static let core = 24  // u32 index
    public static let smramBase = 28  // u32 physical
    public static let smramSize = 32  // u32
    public static let blockAddress = 36  // u32 physical
    /// u16 limit, u32 base: the base holds an offset into the stub until the installer adds the entry page.
    public static let tablePointerBase = 42
    /// u32 offset, u16 selector: the offset holds an offset into the stub until the installer adds the entry page.
    public static let longModeTarget = 46
    /// u16 limit, u32 base of an empty interrupt table.
    public static let noInterrupts = 52
    public static let size = 64
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
    /// Physical address of the page tables of the cores' temporary host mappings, one page a core.
    public static let hostMapTables = 472  // u64
    /// What the payload tried out (``PostureClaim/isFoundAtBoot``), a bit by raw value of the claim: whether there was
    /// a result at all, and whether the protection is there. No result is reported as unknown.
    public static let postureTried = 480  // u32
    public static let posturePresent = 484  // u32
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
    public static let reserved = 44  // u32 = 0
    public static let version = 48  // 16 bytes, NUL-padded
    public static let size = 64
    /// Virtual address at which the image is linked and mapped.
    public static let virtualBase: UInt64 = 0x40_0000_0000
    /// Virtual address of physical address 0 in the direct map of SMRAM (only SMRAM is mapped there).
    public static let directMapBase: UInt64 = 0x80_0000_0000
    /// Virtual address of core N's temporary mappings of host memory: base + N × 2 MiB.
    public static let hostMapBase: UInt64 = 0xC0_0000_0000
    /// Size limits that the build and the installer enforce, in bytes.
    public static let maximumFileSize = 96 << 10
    public static let maximumMemorySize = (96 << 10) + (2 << 20)
}

/// The isolated image, version 1.
///
/// The file *is* the canonical stream that is measured, so that the measurement of an image equals
/// `sha256sum` of its file: one header page (fixed fields, then region and window tables, then zeros),
/// followed by the contents of the regions in ascending address order, each padded with zeros to whole
/// pages. Pages of a region beyond its content are zero and have no bytes in the file. Integers are
/// little-endian. Every byte not named here must be zero.
public enum ImageLayout {
    /// ASCII "SICEIMG1".
    public static let magic: UInt64 = 0x3147_4D49_4543_4953
    public static let headerSize = 4096

    public static let magicOffset = 0  // u64
    public static let version = 8  // u32 = 1
    public static let kind = 12  // u32 ImageKind
    public static let flags = 16  // u32 ImageFlags
    public static let regionCount = 20  // u32, 1…maximumRegions
    public static let windowCount = 24  // u32, 0…maximumWindows
    public static let reserved = 28  // u32 = 0
    public static let entry = 32  // u64 guest-physical address of the first instruction
    public static let stackPointer = 40  // u64 initial RSP
    public static let pageTableRoot = 48  // u64 initial CR3 (bare programs)
    public static let name = 56  // 32 bytes, NUL-padded UTF-8, at least one byte
    public static let programVersion = 88  // 16 bytes, NUL-padded UTF-8
    public static let contentPages = 104  // u64, pages that follow the header in the file
    public static let bootParameters = 112  // u64 initial RSI of a Linux guest, else 0
    public static let regionTable = 128  // regionCount × 32 bytes
    public static let windowTable = 128 + maximumRegions * regionEntrySize

    public static let maximumRegions = 32
    public static let regionEntrySize = 32
    public static let regionAddress = 0  // u64 guest-physical, page-aligned, ascending, no overlap
    public static let regionPages = 8  // u64, at least 1
    public static let regionContentPages = 16  // u64, at most regionPages
    public static let regionPermissions = 24  // u32 Permissions

    public static let maximumWindows = 4
    public static let windowEntrySize = 32
    public static let windowAddress = 0  // u64 guest-physical, page-aligned
    public static let windowPages = 8  // u64, 1…maximumWindowPages
    public static let windowPermissions = 16  // u32, read or read+write
    public static let maximumWindowPages: UInt64 = 4096
    /// Guest-physical addresses end here (exclusive): one PML4 entry's reach is far more than any SMRAM.
    public static let addressLimit: UInt64 = 1 << 39
    /// First usable guest-physical address of a bare program: page 0 stays unmapped so that null pointers crash.
    /// A Linux guest has page 0: its kernel reads the BIOS data area there.
    public static let addressFloor: UInt64 = 4096
    /// Guest-physical address of a Linux guest's first descriptor table: four entries, code at 0x10, data at 0x18.
    public static let linuxDescriptorTable: UInt64 = 0x1000
}

/// What an image holds and how it starts.
public enum ImageKind: UInt32, Sendable {
    /// A program in long mode with its own (measured) page tables, no kernel.
    case bareProgram = 1
    /// An unmodified Linux kernel, entered by the 64-bit boot protocol (Documentation/arch/x86/boot.rst) with
    /// measured page tables, descriptor table, boot parameters and initial RAM disk.
    case linuxGuest = 2
}

/// Bits of ``ImageLayout/flags``.
public enum ImageFlags {
    /// The image was built for debugging; reports say so and the default policy refuses it.
    public static let debug: UInt32 = 1 << 0
    public static let known: UInt32 = debug
}

/// Permission bits of regions and windows.
public enum Permissions {
    public static let read: UInt32 = 1
    public static let write: UInt32 = 2
    public static let execute: UInt32 = 4
}

/// Types of CBFS files (coreboot, commonlib/bsd/cbfs_serialized.h).
public enum CBFSType {
    public static let deleted: UInt32 = 0
    public static let empty: UInt32 = 0xFFFF_FFFF
    public static let bootblock: UInt32 = 0x01
    public static let stage: UInt32 = 0x11
    public static let payload: UInt32 = 0x20
    public static let optionROM: UInt32 = 0x30
    public static let bootSplash: UInt32 = 0x40
    public static let raw: UInt32 = 0x50
}

/// One file of a CBFS; offsets count from the start of the file system and were checked against its end.
public struct CBFSFile: Equatable, Sendable {
    public var headerOffset: Int
    public var type: UInt32
    /// The name, without its NUL.
    public var nameOffset: Int
    public var nameLength: Int
    public var dataOffset: Int
    public var dataSize: Int
    /// The whole file is compressed (attribute); what a SELF's segments are is another matter.
    public var isCompressed: Bool
    /// Where the SHA-256 of the content is that the file carries (attribute), 32 bytes; nil without one.
    public var digestOffset: Int?
}

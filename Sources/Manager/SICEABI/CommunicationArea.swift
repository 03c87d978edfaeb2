/// The communication area: reserved host memory below TSEG, never SMRAM, that the ACPI table names.
/// The legacy host stages images, windows and buffers in it; the manager treats it like any host memory.
public enum CommunicationArea {
    /// Size in bytes (of the area that the payload reserves).
    public static let size: UInt64 = 8 << 20
    /// Request words, 64 × u64 on a page's last 512 bytes. Who asks the manager for something picks a random word that is
    /// not 0, stores it as word number (word modulo 64), and passes it in R8: so it shows that it can write this area, as
    /// only root can. The manager takes the word, once.
    public static let requestWords = 0xE00
    public static let requestWordCount: UInt64 = 64
    /// ACPI "UEFI" data table (a GUID and free data; iasl knows it): GUID of our data, as in the file.
    /// b3a1f0c2-51ce-4e0d-9a6b-5349434500a1
    public static let tableGUID: InlineArray<16, UInt8> = [
        0xC2, 0xF0, 0xA1, 0xB3, 0xCE, 0x51, 0x0D, 0x4E, 0x9A, 0x6B, 0x53, 0x49, 0x43, 0x45, 0x00, 0xA1,
    ]
    public static let tableIdentifier = 36  // 16 bytes
    public static let tableDataOffset = 52  // u16 = 54
    public static let tableData = 54
    public static let dataVersion = 54  // u32 ABI.version
    public static let dataBase = 58  // u64 physical base of the area
    public static let dataSize = 66  // u64
    public static let dataPort = 74  // u16 SMI port
    public static let dataCommand = 76  // u8 SMI command byte
    public static let dataReserved = 77  // u8 = 0
    public static let tableSize = 78
}

/// The mailbox convention of the SDK at the start of a window: how `sice call` streams a request through a
/// window of any size. All fields are u32 little-endian unless said otherwise; the rest of the window is data.
public enum MailboxLayout {
    public static let operation = 0  // what the workload shall do; its own numbers
    public static let flags = 4  // MailboxFlags
    public static let length = 8  // bytes of data that follow the header
    public static let status = 12  // set by the workload: 0 or its error number
    public static let data = 64
}

/// Bits of ``MailboxLayout/flags``.
public enum MailboxFlags {
    /// First chunk of a request.
    public static let begin: UInt32 = 1
    /// Last chunk; the workload answers in the same window.
    public static let end: UInt32 = 2
    /// Set by the workload: more of the answer follows on the next run.
    public static let more: UInt32 = 4
}

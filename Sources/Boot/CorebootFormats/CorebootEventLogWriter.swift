public import ByteIO

/// Writes the event log that coreboot keeps in CBMEM: TCG crypto-agile format, SHA-256 only, entries of one
/// size with the name of what was measured (coreboot: src/security/tpm/tpm2_log_serialized.h).
public struct CorebootEventLogWriter: ~Copyable, ~Escapable {
    /// Most entries that a log has room for.
    public static let maximumEntries = 50
    /// Bytes of the Spec ID event at the start.
    public static let headerSize = 32 + 48
    /// Bytes of an entry: PCR, type, one digest, name.
    public static let entrySize = 4 + 4 + 4 + 2 + 32 + 4 + nameSize
    /// Bytes of a name, NUL-padded.
    public static let nameSize = 50
    /// Bytes that a whole log needs.
    public static let size = headerSize + maximumEntries * entrySize

    private static let sha256: UInt16 = 0x000B
    private static let noAction: UInt32 = 3
    private static let action: UInt32 = 5
    private static let vendorMagic: UInt32 = 0x3254_4243  // "CBT2"
    private static let entryCountOffset = headerSize - 6

    private var bytes: MutableSpan<UInt8>
    private var entries: UInt16 = 0

    /// A new log at the start of `bytes`, of which ``size`` are cleared. Throws `noRoom` when there are fewer.
    @_lifetime(copy bytes)
    public init(_ bytes: consuming MutableSpan<UInt8>) throws(ByteError) {
        guard bytes.count >= Self.size else { throw .noRoom }
        for index in 0..<Self.size { bytes[index] = 0 }
        bytes.storeLittleEndian(Self.noAction, at: 4)
        bytes.storeLittleEndian(UInt32(48), at: 28)
        // "Spec ID Event03", then class, version 2.0, 64-bit UINTN, one algorithm (TCG PC Client PFP, 10.4.5.1).
        let signature: InlineArray<15, UInt8> = [
            0x53, 0x70, 0x65, 0x63, 0x20, 0x49, 0x44, 0x20, 0x45, 0x76, 0x65, 0x6E, 0x74, 0x30, 0x33,
        ]
        for index in 0..<15 { bytes[32 + index] = signature[index] }
        bytes[53] = 2
        bytes[55] = 2
        bytes.storeLittleEndian(UInt32(1), at: 56)
        bytes.storeLittleEndian(Self.sha256, at: 60)
        bytes.storeLittleEndian(UInt16(32), at: 62)
        // coreboot's vendor information: version 1.0, magic, room, used, size of an entry.
        bytes[64] = 15
        bytes[66] = 1
        bytes.storeLittleEndian(Self.vendorMagic, at: 68)
        bytes.storeLittleEndian(UInt16(Self.maximumEntries), at: 72)
        bytes.storeLittleEndian(UInt32(Self.entrySize), at: 76)
        self.bytes = bytes
    }

    /// Records that `digest` (32 bytes) of the thing called `name` was extended into `pcr`.
    @_lifetime(self: copy self)
    public mutating func append(
        pcr: UInt32, digest: InlineArray<32, UInt8>, name: Span<UInt8>
    ) throws(ByteError) {
        guard entries < UInt16(Self.maximumEntries), name.count < Self.nameSize else { throw .noRoom }
        let start = Self.headerSize + Int(entries) * Self.entrySize
        bytes.storeLittleEndian(pcr, at: start)
        bytes.storeLittleEndian(Self.action, at: start + 4)
        bytes.storeLittleEndian(UInt32(1), at: start + 8)
        bytes.storeLittleEndian(Self.sha256, at: start + 12)
        for index in 0..<32 { bytes[start + 14 + index] = digest[index] }
        bytes.storeLittleEndian(UInt32(Self.nameSize), at: start + 46)
        for index in 0..<name.count { bytes[start + 50 + index] = name[index] }
        entries += 1
        bytes.storeLittleEndian(entries, at: Self.entryCountOffset)
    }
}

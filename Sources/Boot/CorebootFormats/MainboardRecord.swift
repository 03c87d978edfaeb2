internal import ByteIO

/// The mainboard record: two indices into a run of NUL-terminated strings.
enum MainboardRecord {
    private static let strings = 10

    /// Whether vendor and part are those of the stand-in ROM for QEMU.
    static func isStandIn(_ record: Span<UInt8>) -> Bool {
        guard record.count > strings else { return false }
        return holds(record, at: strings + Int(record[8]), StandIn.vendor.span)
            && holds(record, at: strings + Int(record[9]), StandIn.part.span)
    }

    /// Whether `text`, its final NUL included, lies at an offset of the record.
    private static func holds(_ record: Span<UInt8>, at offset: Int, _ text: Span<UInt8>) -> Bool {
        guard offset + text.count <= record.count else { return false }
        for index in 0..<text.count where record[offset + index] != text[index] { return false }
        return true
    }
}

/// Strings by which the stand-in ROM names itself, with their NUL.
enum StandIn {
    /// "SICE"
    static let vendor: InlineArray<5, UInt8> = [0x53, 0x49, 0x43, 0x45, 0]
    /// "stand-in ROM"
    static let part: InlineArray<13, UInt8> = [
        0x73, 0x74, 0x61, 0x6E, 0x64, 0x2D, 0x69, 0x6E, 0x20, 0x52, 0x4F, 0x4D, 0,
    ]
}

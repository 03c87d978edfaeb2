/// Makes small ELF64 files by hand, so that each field can be wrong on purpose.
struct ELFFixture {
    struct Segment {
        var type: UInt32 = 1
        var flags: UInt32
        var address: UInt64
        var content: [UInt8]
        var memorySize: UInt64
        /// Overrides p_filesz.
        var fileSize: UInt64?
    }

    var magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
    var fileClass: UInt8 = 2
    var byteOrder: UInt8 = 1
    var type: UInt16 = 2
    var machine: UInt16 = 62
    var entry: UInt64 = 0x200000
    var version: UInt32 = 1
    var headerSize: UInt16 = 64
    var programHeaderSize: UInt16 = 56
    var programHeaders: UInt64 = 64
    var segments: [Segment] = [
        Segment(flags: 5, address: 0x200000, content: [0x0F, 0x01, 0xD9, 0xEB, 0xFB], memorySize: 5),
        Segment(flags: 4, address: 0x201000, content: [1, 2, 3], memorySize: 3),
        Segment(flags: 6, address: 0x202000, content: [4, 5], memorySize: 0x2800),
    ]

    var bytes: [UInt8] {
        var file = magic + [fileClass, byteOrder, 1, 0] + [UInt8](repeating: 0, count: 8)
        append(type, &file)
        append(machine, &file)
        append(version, &file)
        append(entry, &file)
        append(programHeaders, &file)
        append(UInt64(0), &file)
        append(UInt32(0), &file)
        for field in [headerSize, programHeaderSize, UInt16(segments.count), 64, 0, 0] as [UInt16] {
            append(field, &file)
        }
        var offset = UInt64(64 + 56 * segments.count)
        for segment in segments {
            append(segment.type, &file)
            append(segment.flags, &file)
            let fileSize = segment.fileSize ?? UInt64(segment.content.count)
            let fields: [UInt64] = [
                offset, segment.address, segment.address, fileSize, segment.memorySize, 4096,
            ]
            for field in fields { append(field, &file) }
            offset += UInt64(segment.content.count)
        }
        return segments.reduce(file) { $0 + $1.content }
    }

    private func append<T: FixedWidthInteger>(_ value: T, _ file: inout [UInt8]) {
        for index in 0..<(T.bitWidth / 8) { file.append(UInt8(truncatingIfNeeded: value >> T(8 * index))) }
    }
}

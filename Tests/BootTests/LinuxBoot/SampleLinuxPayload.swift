/// A payload file of the shape that cbfstool gives to a kernel with a command line and a RAM disk, whose fields tests change.
struct SampleLinuxPayload {
    struct Segment {
        var type: UInt32 = 0x4441_5441  // DATA
        var compression: UInt32 = 0
        var address: UInt64
        var content: [UInt8]
        var memory: UInt32?
    }

    static let initrd = [UInt8]("a RAM disk of an odd size".utf8)

    /// Boot parameters, kernel, the program that is the entry, command line, RAM disk; the parameters' segment reaches into
    /// the command line's, as cbfstool's does.
    var segments = [
        Segment(address: 0x9_0000, content: SampleLinuxPayload.parameters()),
        Segment(
            type: 0x434F_4445, address: 0x100_0000, content: [UInt8](repeating: 0xAA, count: 512), memory: nil
        ),
        Segment(type: 0x434F_4445, address: 0x4_0000, content: [UInt8](repeating: 0xBB, count: 212)),
        Segment(address: 0x9_1000, content: Array("console=ttyS0\0".utf8)),
        Segment(address: 0x400_0000, content: initrd),
    ]
    var entry: UInt64 = 0x4_0000

    static func parameters(
        kernel: UInt32 = 0x100_0000, initialSize: UInt32 = 0x20_0000, initrd: UInt32 = 0x400_0000,
        initrdSize: UInt32 = UInt32(SampleLinuxPayload.initrd.count), loader: UInt8 = 0xFF
    ) -> [UInt8] {
        var page = [UInt8](repeating: 0, count: 0x1080)
        page[0x210] = loader
        let fields = [
            (0x214, kernel), (0x218, initrd), (0x21C, initrdSize), (0x228, 0x9_1000), (0x260, initialSize),
        ]
        for (offset, value) in fields {
            for index in 0..<4 { page[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
        }
        return page
    }

    var bytes: [UInt8] {
        var offset = 28 * (segments.count + 1)
        var table: [UInt8] = []
        for segment in segments {
            table += Self.word(segment.type) + Self.word(segment.compression) + Self.word(UInt32(offset))
            table += Self.word(segment.address) + Self.word(UInt32(segment.content.count))
            table += Self.word(segment.memory ?? UInt32(segment.content.count))
            offset += segment.content.count
        }
        table += Self.word(0x454E_5452 as UInt32) + Self.word(0 as UInt64) + Self.word(entry)
        table += Self.word(0 as UInt64)
        return table + segments.flatMap(\.content)
    }

    /// Most significant byte first.
    private static func word<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        (0..<T.bitWidth / 8).reversed().map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
    }
}

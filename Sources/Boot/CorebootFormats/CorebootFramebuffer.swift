internal import ByteIO

/// The screen that firmware set up (coreboot, commonlib/coreboot_tables.h, record 0x12).
public struct CorebootFramebuffer: Equatable, Sendable {
    /// Where a color is in a pixel, in bits.
    public struct Color: Equatable, Sendable {
        public let position: UInt8
        public let size: UInt8
    }

    /// Physical address of the first line.
    public let address: UInt64
    /// In pixels.
    public let width: UInt32
    public let height: UInt32
    public let bytesPerLine: UInt32
    public let bitsPerPixel: UInt8
    /// Red, green, blue, and what is left of a pixel.
    public let colors: InlineArray<4, Color>

    private static let size = 37

    /// Reads a record. Nil when it is too short: a boot is not lost for want of a screen.
    public init?(_ record: Span<UInt8>) {
        guard record.count >= Self.size else { return nil }
        address = record.littleEndian(at: 8, as: UInt64.self)
        width = record.littleEndian(at: 16, as: UInt32.self)
        height = record.littleEndian(at: 20, as: UInt32.self)
        bytesPerLine = record.littleEndian(at: 24, as: UInt32.self)
        bitsPerPixel = record[28]
        colors = [
            Color(record, at: 29), Color(record, at: 31), Color(record, at: 33), Color(record, at: 35),
        ]
    }

    public static func == (one: Self, other: Self) -> Bool {
        for index in 0..<4 where one.colors[index] != other.colors[index] { return false }
        return one.address == other.address && one.width == other.width && one.height == other.height
            && one.bytesPerLine == other.bytesPerLine && one.bitsPerPixel == other.bitsPerPixel
    }
}

extension CorebootFramebuffer.Color {
    fileprivate init(_ record: Span<UInt8>, at offset: Int) {
        self.init(position: record[offset], size: record[offset + 1])
    }
}

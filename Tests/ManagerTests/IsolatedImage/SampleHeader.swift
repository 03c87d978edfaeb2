import IsolatedImage
import SICEABI

/// A small valid image header whose parts tests change before or after it is encoded.
struct SampleHeader {
    var kind = ImageKind.bareProgram
    var flags: UInt32 = 0
    var name = "sample"
    var version = "1.0"
    var entry: UInt64 = 0x20_0000
    var stackPointer: UInt64 = 0x50_0000
    var pageTableRoot: UInt64 = 0x10_0000
    var bootParameters: UInt64 = 0
    var regions = [
        ImageRegion(address: 0x10_0000, pages: 4, contentPages: 4, permissions: readWrite),
        ImageRegion(
            address: 0x20_0000, pages: 2, contentPages: 2, permissions: Permissions.read | Permissions.execute
        ),
        ImageRegion(address: 0x30_0000, pages: 1, contentPages: 1, permissions: Permissions.read),
        ImageRegion(address: 0x40_0000, pages: 256, contentPages: 0, permissions: readWrite),
    ]
    var windows = [ImageRegion(address: 0x1000_0000, pages: 16, contentPages: 0, permissions: readWrite)]

    static let readWrite = Permissions.read | Permissions.write

    /// The header page, whether or not it is valid.
    func page() throws -> [UInt8] {
        var page = [UInt8](repeating: 0xFF, count: ImageLayout.headerSize)
        var writer = try ImageHeaderWriter(page.mutableSpan)
        try writer.setProgram(
            kind: kind, flags: flags, name: Array(name.utf8).span, version: Array(version.utf8).span)
        writer.setStart(
            entry: entry, stackPointer: stackPointer, pageTableRoot: pageTableRoot,
            bootParameters: bootParameters)
        for region in regions { try writer.add(region: region) }
        for window in windows { try writer.add(window: window) }
        return page
    }
}

/// The error that validation throws for a page, nil when it is accepted.
func validationError(_ page: [UInt8]) -> ErrorCode? {
    do throws(ErrorCode) {
        _ = try ImageHeader(validating: page.span)
        return nil
    } catch {
        return error
    }
}

extension [UInt8] {
    /// Stores a little-endian integer.
    mutating func set<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        for index in 0..<(T.bitWidth / 8) {
            self[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8))
        }
    }
}

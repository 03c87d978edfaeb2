internal import Diagnostics
internal import IsolatedImage
internal import SICEABI

/// A region and the bytes at its start.
struct ImagePart: Sendable {
    var region: ImageRegion
    var content: [UInt8]
}

/// Everything that an image file says, ready to be written.
struct ImageContents {
    var kind: ImageKind
    var name: String
    var version: String
    var isDebug: Bool
    var entry: UInt64
    var stackPointer: UInt64
    var pageTableRoot: UInt64
    var bootParameters: UInt64 = 0
    /// In address order.
    var parts: [ImagePart]
    var windows: [ImageRegion]

    /// The bytes of the file. Throws the error of the header's validation when the manager would refuse the image.
    func file() throws(ToolError) -> [UInt8] {
        let pages = parts.reduce(0) { $0 + Int($1.region.contentPages) }
        var file = [UInt8](repeating: 0, count: ImageLayout.headerSize)
        do {
            try writeHeader(&file)
        } catch { throw ToolError(error, ImageFault(error, self).text) }
        file.reserveCapacity(file.count + pages * Int(ABI.pageSize))
        for part in parts {
            file += part.content
            let padding = Int(part.region.contentPages * ABI.pageSize) - part.content.count
            file += [UInt8](repeating: 0, count: padding)
        }
        return file
    }

    private func writeHeader(_ page: inout [UInt8]) throws(ErrorCode) {
        var writer = try ImageHeaderWriter(page.mutableSpan)
        let (name, version) = (Array(name.utf8), Array(version.utf8))
        try writer.setProgram(
            kind: kind, flags: isDebug ? ImageFlags.debug : 0, name: name.span, version: version.span)
        writer.setStart(
            entry: entry, stackPointer: stackPointer, pageTableRoot: pageTableRoot,
            bootParameters: bootParameters)
        for part in parts { try writer.add(region: part.region) }
        for window in windows { try writer.add(window: window) }
        try writer.finish()
    }
}

public import Diagnostics
internal import IsolatedImage
internal import SICEABI

extension ImagePlan {
    /// The image file. The same program and manifest give the same bytes.
    ///
    /// Throws the error of the header's validation when the manager would refuse the image, for example
    /// `imageRegionsOverlap` for a window inside the program.
    public func imageFile() throws(ToolError) -> [UInt8] {
        var file = [UInt8](repeating: 0, count: ImageLayout.headerSize)
        do {
            try writeHeader(&file)
        } catch { throw ToolError(error, manifest.name) }
        for part in parts {
            file += part.content
            let padding = Int(part.region.contentPages * ABI.pageSize) - part.content.count
            file += [UInt8](repeating: 0, count: padding)
        }
        return file
    }

    private func writeHeader(_ page: inout [UInt8]) throws(ErrorCode) {
        let (name, version) = (Array(manifest.name.utf8), Array(manifest.version.utf8))
        var writer = try ImageHeaderWriter(page.mutableSpan)
        try writer.setProgram(
            kind: .bareProgram, flags: manifest.isDebug ? ImageFlags.debug : 0, name: name.span,
            version: version.span)
        writer.setStart(entry: entry, stackPointer: stackPointer, pageTableRoot: pageTableRoot)
        for part in parts { try writer.add(region: part.region) }
        for window in manifest.windows {
            try writer.add(
                window: ImageRegion(
                    address: window.address, pages: window.size / ABI.pageSize, contentPages: 0,
                    permissions: Permissions.read | (window.isWritable ? Permissions.write : 0)))
        }
        try writer.finish()
    }
}

public import Diagnostics
internal import IsolatedImage
internal import SICEABI

extension ImagePlan {
    /// The image file. The same program and manifest give the same bytes.
    ///
    /// Throws the error of the header's validation when the manager would refuse the image, for example
    /// `imageRegionsOverlap` for a window inside the program.
    public func imageFile() throws(ToolError) -> [UInt8] {
        try ImageContents(
            kind: .bareProgram, name: manifest.name, version: manifest.version, isDebug: manifest.isDebug,
            entry: entry, stackPointer: stackPointer, pageTableRoot: pageTableRoot, parts: parts,
            windows: manifest.windows.map(\.region)
        ).file()
    }
}

extension Manifest.Window {
    var region: ImageRegion {
        ImageRegion(
            address: address, pages: size / ABI.pageSize, contentPages: 0,
            permissions: Permissions.read | (isWritable ? Permissions.write : 0))
    }
}

internal import Bytes
public import Diagnostics
public import IsolatedImage
internal import OpenSSLCrypto
public import SICEABI

/// What an image file holds, read without keeping its contents.
public struct ImageSummary: Equatable, Sendable {
    public var kind: ImageKind
    public var name: String
    public var version: String
    public var isDebug: Bool
    public var entry: UInt64
    public var stackPointer: UInt64
    public var pageTableRoot: UInt64
    /// Where a Linux guest's boot parameters lie; 0 for a bare program.
    public var bootParameters: UInt64
    public var regions: [ImageRegion]
    public var windows: [ImageRegion]
    /// Bytes of the file.
    public var fileSize: UInt64
    /// Pages that the environment takes from the pool, nested page tables not counted.
    public var privatePages: UInt64
    /// SHA-256 of the file: what reports carry.
    public var measurement: [UInt8]

    /// Reads and measures a file of any size in pieces. Throws the errors of the header's validation,
    /// `imageTruncated`, `imageOversized`, `fileMissing`.
    public init(readingFile path: String) throws(ToolError) { try self.init(reading: InputFile(path)) }

    /// The same for an open file, which is read to its end.
    public init(reading file: borrowing InputFile) throws(ToolError) {
        let path = file.name
        var page = [UInt8](repeating: 0, count: ImageLayout.headerSize)
        let count = try file.read(into: &page)
        guard count == page.count else { throw ToolError(ImageSummary.shortFile(page[..<count]), path) }
        do {
            self = try ImageSummary(header: page.span)
        } catch { throw ToolError(error, path) }
        if let size = file.size { try checkSize(size, path) }
        var hash = SHA256()
        hash.update(page)
        var total = UInt64(page.count)
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try file.read(into: &piece)
            if count == 0 { break }
            hash.update(piece, count: count)
            total += UInt64(count)
            // A pipe has no size beforehand: stop at the first byte too many.
            guard total <= fileSize else { throw ToolError(.imageOversized, path) }
        }
        try checkSize(total, path)
        measurement = hash.finish()
    }

    /// A file that ends in its header was an image only if it begins as one.
    private static func shortFile(_ bytes: ArraySlice<UInt8>) -> ErrorCode {
        let magic = (0..<8).map { UInt8(truncatingIfNeeded: ImageLayout.magic >> (8 * UInt64($0))) }
        return bytes.starts(with: magic.prefix(bytes.count)) ? .imageTruncated : .imageBadMagic
    }

    private init(header page: Span<UInt8>) throws(ErrorCode) {
        let header = try ImageHeader(validating: page)
        kind = header.isLinuxGuest ? .linuxGuest : .bareProgram
        name = String(utf8: header.name)
        version = String(utf8: header.programVersion)
        isDebug = header.isDebug
        entry = header.entry
        stackPointer = header.stackPointer
        pageTableRoot = header.pageTableRoot
        bootParameters = header.bootParameters
        regions = []
        for index in 0..<header.regionCount { regions.append(header.region(index)) }
        windows = []
        for index in 0..<header.windowCount { windows.append(header.window(index)) }
        fileSize = header.fileSize
        privatePages = header.privatePages
        measurement = []
    }

    private func checkSize(_ size: UInt64, _ path: String) throws(ToolError) {
        guard size != fileSize else { return }
        let detail = "\(path): \(size) bytes, the header says \(fileSize)"
        throw ToolError(size < fileSize ? .imageTruncated : .imageOversized, detail)
    }
}

extension String {
    /// Text that the header's validation found to be UTF-8.
    init(utf8 span: Span<UInt8>) {
        self = String(decoding: [UInt8](span), as: UTF8.self)
    }
}

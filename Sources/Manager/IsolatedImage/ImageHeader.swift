import ByteIO
public import SICEABI

/// The header page of an isolated image, validated.
///
/// It is a view of the caller's private copy of the page: the bytes must not be reachable by whoever supplied
/// them, or they could change between check and use (invariant I1).
public struct ImageHeader: ~Escapable {
    let bytes: Span<UInt8>

    /// Validates a header page of exactly ``ImageLayout/headerSize`` bytes; see `ImageHeader+Validation.swift`
    /// for the errors.
    @_lifetime(copy bytes)
    public init(validating bytes: Span<UInt8>) throws(ErrorCode) {
        self.bytes = bytes
        try validate()
    }

    /// A view of bytes that ``init(validating:)`` accepted before and that nobody changed since.
    @_lifetime(copy bytes)
    package init(validated bytes: Span<UInt8>) {
        self.bytes = bytes
    }

    /// Raw value of ``ImageKind``.
    public var kind: UInt32 { bytes.littleEndian(at: ImageLayout.kind, as: UInt32.self) }
    /// Bits of ``ImageFlags``.
    public var flags: UInt32 { bytes.littleEndian(at: ImageLayout.flags, as: UInt32.self) }
    /// Whether the image was built for debugging.
    public var isDebug: Bool { flags & ImageFlags.debug != 0 }
    /// Guest-physical address of the first instruction.
    public var entry: UInt64 { bytes.littleEndian(at: ImageLayout.entry, as: UInt64.self) }
    /// Initial stack pointer.
    public var stackPointer: UInt64 { bytes.littleEndian(at: ImageLayout.stackPointer, as: UInt64.self) }
    /// Initial page-table root.
    public var pageTableRoot: UInt64 { bytes.littleEndian(at: ImageLayout.pageTableRoot, as: UInt64.self) }
    /// Initial RSI of a Linux guest: where its boot parameters lie. 0 for a bare program.
    public var bootParameters: UInt64 { bytes.littleEndian(at: ImageLayout.bootParameters, as: UInt64.self) }
    /// Whether it holds a Linux kernel, which is run by other rules than a bare program.
    public var isLinuxGuest: Bool { kind == ImageKind.linuxGuest.rawValue }
    /// Pages that follow the header in the file.
    public var contentPages: UInt64 { bytes.littleEndian(at: ImageLayout.contentPages, as: UInt64.self) }
    /// Number of private regions, 1…``ImageLayout/maximumRegions``.
    public var regionCount: Int {
        Int(truncatingIfNeeded: bytes.littleEndian(at: ImageLayout.regionCount, as: UInt32.self))
    }
    /// Number of windows, 0…``ImageLayout/maximumWindows``.
    public var windowCount: Int {
        Int(truncatingIfNeeded: bytes.littleEndian(at: ImageLayout.windowCount, as: UInt32.self))
    }

    /// Size of the image file in bytes.
    public var fileSize: UInt64 {
        UInt64(ImageLayout.headerSize) &+ contentPages &* ABI.pageSize
    }

    /// Pages of all private regions, content or zero.
    public var privatePages: UInt64 {
        var pages: UInt64 = 0
        for index in 0..<regionCount { pages &+= region(index).pages }
        return pages
    }

    /// Private region `index`, in address order.
    public func region(_ index: Int) -> ImageRegion {
        let start = ImageLayout.regionTable &+ index &* ImageLayout.regionEntrySize
        return ImageRegion(
            address: bytes.littleEndian(at: start &+ ImageLayout.regionAddress, as: UInt64.self),
            pages: bytes.littleEndian(at: start &+ ImageLayout.regionPages, as: UInt64.self),
            contentPages: bytes.littleEndian(at: start &+ ImageLayout.regionContentPages, as: UInt64.self),
            permissions: bytes.littleEndian(at: start &+ ImageLayout.regionPermissions, as: UInt32.self))
    }

    /// Window `index`; the index is the window's name for host and workload.
    public func window(_ index: Int) -> ImageRegion {
        let start = ImageLayout.windowTable &+ index &* ImageLayout.windowEntrySize
        return ImageRegion(
            address: bytes.littleEndian(at: start &+ ImageLayout.windowAddress, as: UInt64.self),
            pages: bytes.littleEndian(at: start &+ ImageLayout.windowPages, as: UInt64.self),
            contentPages: 0,
            permissions: bytes.littleEndian(at: start &+ ImageLayout.windowPermissions, as: UInt32.self))
    }

    /// Name, without its padding: 1 to 31 bytes of printable UTF-8.
    public var name: Span<UInt8> {
        @_lifetime(copy self)
        get { ImageText.content(of: bytes.extracting(ImageText.nameField)) }
    }

    /// The program's own version, without its padding: 0 to 15 bytes of printable UTF-8.
    public var programVersion: Span<UInt8> {
        @_lifetime(copy self)
        get { ImageText.content(of: bytes.extracting(ImageText.versionField)) }
    }

    /// Checks the size of the whole file. Throws `imageTruncated` or `imageOversized`.
    public func checkFileSize(_ size: UInt64) throws(ErrorCode) {
        guard size >= fileSize else { throw .imageTruncated }
        guard size == fileSize else { throw .imageOversized }
    }
}

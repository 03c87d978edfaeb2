import ByteIO
public import SICEABI

/// Writes a header page. The same module reads it, so that tools and manager cannot drift apart.
///
/// The page is complete when ``finish()`` returned without an error: it validates what was written.
public struct ImageHeaderWriter: ~Copyable, ~Escapable {
    private var page: MutableSpan<UInt8>
    private var regions: Int
    private var windows: Int
    private var contentPages: UInt64

    /// Starts a header in `page`, which it clears. Throws `imageTruncated` or `imageOversized` when the page
    /// has not ``ImageLayout/headerSize`` bytes.
    @_lifetime(copy page)
    public init(_ page: consuming MutableSpan<UInt8>) throws(ErrorCode) {
        guard page.count >= ImageLayout.headerSize else { throw .imageTruncated }
        guard page.count == ImageLayout.headerSize else { throw .imageOversized }
        for index in 0..<page.count { page[index] = 0 }
        page.storeLittleEndian(ImageLayout.magic, at: ImageLayout.magicOffset)
        page.storeLittleEndian(UInt32(1), at: ImageLayout.version)
        self.page = page
        regions = 0
        windows = 0
        contentPages = 0
    }

    /// Sets what the image is. Throws `imageBadName` when a text does not fit its field.
    @_lifetime(self: copy self)
    public mutating func setProgram(
        kind: ImageKind, flags: UInt32, name: Span<UInt8>, version: Span<UInt8>
    ) throws(ErrorCode) {
        guard name.count < ImageText.nameField.count, version.count < ImageText.versionField.count else {
            throw .imageBadName
        }
        page.storeLittleEndian(kind.rawValue, at: ImageLayout.kind)
        page.storeLittleEndian(flags, at: ImageLayout.flags)
        for index in 0..<name.count { page[ImageLayout.name &+ index] = name[index] }
        for index in 0..<version.count { page[ImageLayout.programVersion &+ index] = version[index] }
    }

    /// Sets the initial register values; a bare program has no boot parameters.
    @_lifetime(self: copy self)
    public mutating func setStart(
        entry: UInt64, stackPointer: UInt64, pageTableRoot: UInt64, bootParameters: UInt64 = 0
    ) {
        page.storeLittleEndian(entry, at: ImageLayout.entry)
        page.storeLittleEndian(stackPointer, at: ImageLayout.stackPointer)
        page.storeLittleEndian(pageTableRoot, at: ImageLayout.pageTableRoot)
        page.storeLittleEndian(bootParameters, at: ImageLayout.bootParameters)
    }

    /// Appends a private region; regions come in address order. Throws `imageTooManyRegions`.
    @_lifetime(self: copy self)
    public mutating func add(region: ImageRegion) throws(ErrorCode) {
        guard regions < ImageLayout.maximumRegions else { throw .imageTooManyRegions }
        let start = ImageLayout.regionTable &+ regions &* ImageLayout.regionEntrySize
        page.storeLittleEndian(region.address, at: start &+ ImageLayout.regionAddress)
        page.storeLittleEndian(region.pages, at: start &+ ImageLayout.regionPages)
        page.storeLittleEndian(region.contentPages, at: start &+ ImageLayout.regionContentPages)
        page.storeLittleEndian(region.permissions, at: start &+ ImageLayout.regionPermissions)
        regions &+= 1
        contentPages &+= region.contentPages
        page.storeLittleEndian(UInt32(truncatingIfNeeded: regions), at: ImageLayout.regionCount)
        page.storeLittleEndian(contentPages, at: ImageLayout.contentPages)
    }

    /// Appends a window; its index is the number of windows before it. Throws `imageTooManyRegions`.
    @_lifetime(self: copy self)
    public mutating func add(window: ImageRegion) throws(ErrorCode) {
        guard windows < ImageLayout.maximumWindows else { throw .imageTooManyRegions }
        let start = ImageLayout.windowTable &+ windows &* ImageLayout.windowEntrySize
        page.storeLittleEndian(window.address, at: start &+ ImageLayout.windowAddress)
        page.storeLittleEndian(window.pages, at: start &+ ImageLayout.windowPages)
        page.storeLittleEndian(window.permissions, at: start &+ ImageLayout.windowPermissions)
        windows &+= 1
        page.storeLittleEndian(UInt32(truncatingIfNeeded: windows), at: ImageLayout.windowCount)
    }

    /// Validates the page as the manager will; throws the same errors as ``ImageHeader/init(validating:)``.
    public func finish() throws(ErrorCode) {
        _ = try ImageHeader(validating: page.span)
    }
}

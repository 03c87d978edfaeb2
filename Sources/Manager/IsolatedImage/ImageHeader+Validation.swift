import ByteIO
import SICEABI

extension ImageHeader {
    /// Accepts a header only if it means one thing: every field in range, every other byte zero.
    func validate() throws(ErrorCode) {
        guard bytes.count >= ImageLayout.headerSize else { throw .imageTruncated }
        guard bytes.count == ImageLayout.headerSize else { throw .imageOversized }
        try checkIdentity()
        try checkReservedBytes()
        try checkRegions()
        try checkWindows()
        try checkStart()
    }

    private func checkIdentity() throws(ErrorCode) {
        guard bytes.littleEndian(at: ImageLayout.magicOffset, as: UInt64.self) == ImageLayout.magic else {
            throw .imageBadMagic
        }
        guard bytes.littleEndian(at: ImageLayout.version, as: UInt32.self) == 1 else {
            throw .imageUnsupportedVersion
        }
        guard ImageKind(rawValue: kind) != nil else { throw .imageUnknownKind }
        guard flags & ~ImageFlags.known == 0 else { throw .imageUnknownFlag }
        // Compared unsigned and before any use as an index.
        guard bytes.littleEndian(at: ImageLayout.regionCount, as: UInt32.self) <= ImageLayout.maximumRegions,
            bytes.littleEndian(at: ImageLayout.windowCount, as: UInt32.self) <= ImageLayout.maximumWindows
        else { throw .imageTooManyRegions }
        guard ImageText.isValid(bytes.extracting(ImageText.nameField)), name.count > 0,
            ImageText.isValid(bytes.extracting(ImageText.versionField))
        else { throw .imageBadName }
    }

    /// Nothing can hide in bytes that nobody reads: two images that act alike are equal byte for byte.
    private func checkReservedBytes() throws(ErrorCode) {
        try requireZero(ImageLayout.reserved, ImageLayout.entry)
        try requireZero(ImageLayout.bootParameters &+ 8, ImageLayout.regionTable)
        for index in 0..<regionCount {
            let start = ImageLayout.regionTable &+ index &* ImageLayout.regionEntrySize
            try requireZero(start &+ ImageLayout.regionPermissions &+ 4, start &+ ImageLayout.regionEntrySize)
        }
        try requireZero(
            ImageLayout.regionTable &+ regionCount &* ImageLayout.regionEntrySize, ImageLayout.windowTable)
        for index in 0..<windowCount {
            let start = ImageLayout.windowTable &+ index &* ImageLayout.windowEntrySize
            try requireZero(start &+ ImageLayout.windowPermissions &+ 4, start &+ ImageLayout.windowEntrySize)
        }
        try requireZero(
            ImageLayout.windowTable &+ windowCount &* ImageLayout.windowEntrySize, ImageLayout.headerSize)
    }

    private func requireZero(_ start: Int, _ end: Int) throws(ErrorCode) {
        guard bytes.extracting(start..<end).isAllZero else { throw .imageReservedNotZero }
    }

    private func checkRegions() throws(ErrorCode) {
        var end: UInt64 = 0
        var content: UInt64 = 0
        for index in 0..<regionCount {
            let region = region(index)
            try region.checkPlace(maximumPages: ImageLayout.addressLimit / ABI.pageSize, floor: addressFloor)
            try region.checkPermissions(mayWriteAndExecute: isLinuxGuest)
            guard region.address >= end else { throw .imageRegionsOverlap }
            end = region.end
            content &+= region.contentPages
        }
        guard content == contentPages else { throw .imageUnsorted }
    }

    private func checkWindows() throws(ErrorCode) {
        for index in 0..<windowCount {
            let window = window(index)
            try window.checkPlace(maximumPages: ImageLayout.maximumWindowPages, floor: addressFloor)
            // Host memory is never executable: the host could change code after it was measured (I2).
            guard !window.isExecutable else { throw .imageWritableAndExecutable }
            try window.checkPermissions(mayWriteAndExecute: false)
            for other in 0..<regionCount where region(other).overlaps(window) { throw .imageRegionsOverlap }
            for other in 0..<index where self.window(other).overlaps(window) { throw .imageRegionsOverlap }
        }
    }

    private func checkStart() throws(ErrorCode) {
        guard let code = region(containing: entry), code.isExecutable else { throw .imageBadEntry }
        // The stack grows down, so its first use is the byte below.
        guard stackPointer > 0, let stack = region(containing: stackPointer &- 1), stack.isWritable else {
            throw .imageBadStackOrRoot
        }
        // The CPU treats a page walk of a guest as a write to its tables (APM volume 2, 15.25.6).
        guard pageTableRoot % ABI.pageSize == 0, let tables = region(containing: pageTableRoot),
            tables.isWritable
        else { throw .imageBadStackOrRoot }
        try checkBootParameters()
    }

    private func checkBootParameters() throws(ErrorCode) {
        guard isLinuxGuest else {
            guard bootParameters == 0 else { throw .imageBadBootParameters }
            return
        }
        guard bootParameters % ABI.pageSize == 0, let memory = region(containing: bootParameters),
            memory.isWritable
        else { throw .imageBadBootParameters }
    }

    /// Where memory may begin.
    private var addressFloor: UInt64 { isLinuxGuest ? 0 : ImageLayout.addressFloor }

    private func region(containing address: UInt64) -> ImageRegion? {
        for index in 0..<regionCount where region(index).contains(address) { return region(index) }
        return nil
    }
}

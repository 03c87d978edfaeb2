import SICEABI

/// A range of guest-physical memory that the image declares: a private region or a window.
public struct ImageRegion: Equatable, Sendable {
    /// Guest-physical address of the first byte, page-aligned.
    public var address: UInt64
    /// Size in pages.
    public var pages: UInt64
    /// Pages at the start that have bytes in the file; the others are zero. Always 0 for a window.
    public var contentPages: UInt64
    /// Bits of ``Permissions``.
    public var permissions: UInt32

    public init(address: UInt64, pages: UInt64, contentPages: UInt64, permissions: UInt32) {
        self.address = address
        self.pages = pages
        self.contentPages = contentPages
        self.permissions = permissions
    }

    /// First address after the range. Exact for every validated range, which ends below
    /// ``ImageLayout/addressLimit``.
    public var end: UInt64 { address &+ pages &* ABI.pageSize }

    public var isWritable: Bool { permissions & Permissions.write != 0 }
    public var isExecutable: Bool { permissions & Permissions.execute != 0 }

    /// Whether the address lies inside the range.
    public func contains(_ other: UInt64) -> Bool { other >= address && other < end }

    /// Whether the two ranges share an address.
    public func overlaps(_ other: ImageRegion) -> Bool { address < other.end && other.address < end }

    /// Checks place and size. Throws `imageRegionMisaligned` or `imageRegionOutOfRange`.
    func checkPlace(maximumPages: UInt64, floor: UInt64) throws(ErrorCode) {
        guard address % ABI.pageSize == 0 else { throw .imageRegionMisaligned }
        // Bounding the number of pages first keeps the sum below from wrapping.
        guard pages >= 1, pages <= maximumPages, contentPages <= pages,
            address >= floor, address < ImageLayout.addressLimit,
            pages <= (ImageLayout.addressLimit &- address) / ABI.pageSize
        else { throw .imageRegionOutOfRange }
    }

    /// Checks the permissions. A kernel loads modules and runs programs in memory of its own choice, so a Linux guest's
    /// private memory may be writable and executable; its kernel keeps the two apart inside. Throws
    /// `imageBadPermissions` or `imageWritableAndExecutable`.
    func checkPermissions(mayWriteAndExecute: Bool) throws(ErrorCode) {
        let known = Permissions.read | Permissions.write | Permissions.execute
        // Nested page tables cannot say "not readable", so an image must not claim it.
        guard permissions & ~known == 0, permissions & Permissions.read != 0 else {
            throw .imageBadPermissions
        }
        guard mayWriteAndExecute || !(isWritable && isExecutable) else { throw .imageWritableAndExecutable }
    }
}

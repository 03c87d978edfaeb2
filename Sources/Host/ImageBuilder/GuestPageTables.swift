internal import Diagnostics
internal import IsolatedImage
internal import SICEABI

/// Identity-mapped 4-level page tables for the start of a guest (APM volume 2, 5.3): one PML4, one page-directory-pointer
/// table and a page directory of 2 MiB pages for each GiB that is used.
///
/// They only make long mode possible: the manager's nested tables hold each region to its permissions. Accessed and
/// dirty bits are set beforehand, so that the tables never change and equal their measured bytes.
struct GuestPageTables {
    private static let present: UInt64 = 1 << 0
    private static let writable: UInt64 = 1 << 1
    private static let accessed: UInt64 = 1 << 5
    private static let dirty: UInt64 = 1 << 6
    private static let largePage: UInt64 = 1 << 7
    private static let tableFlags = present | writable | accessed
    private static let pageFlags = present | writable | accessed | dirty | largePage
    private static let gibibyte: UInt64 = 1 << 30
    private static let largePageSize: UInt64 = 2 << 20

    /// Page 0 is the root.
    private var words: [UInt64] = [UInt64](repeating: 0, count: 1024)
    private let base: UInt64

    /// Tables at `base` that map the 2 MiB pages which the ranges touch.
    /// Throws `elfSegmentOutOfRange` when the ranges are spread over so many GiB that the tables do not fit below
    /// `limit`.
    init(
        mapping ranges: [Range<UInt64>], reach: UInt64, at base: UInt64,
        below limit: UInt64 = ImagePlan.programFloor
    ) throws(ToolError) {
        self.base = base
        guard reach <= ImageLayout.addressLimit else {
            throw ToolError(.elfSegmentOutOfRange, "program, stack and windows leave the address space")
        }
        words[0] = (base + ABI.pageSize) | GuestPageTables.tableFlags
        for range in ranges + [base..<(base + ABI.pageSize)] where !range.isEmpty {
            let first = range.lowerBound / GuestPageTables.largePageSize
            let last = (range.upperBound - 1) / GuestPageTables.largePageSize
            for page in first...last { map(page) }
        }
        guard base + UInt64(words.count) * 8 <= limit else {
            throw ToolError(.elfSegmentOutOfRange, "program, stack and windows are too far apart")
        }
    }

    private mutating func map(_ page: UInt64) {
        let address = page * GuestPageTables.largePageSize
        let pointer = 512 + Int(address / GuestPageTables.gibibyte)
        if words[pointer] == 0 {
            words[pointer] = (base + UInt64(words.count) * 8) | GuestPageTables.tableFlags
            words += [UInt64](repeating: 0, count: 512)
        }
        let directory = Int((words[pointer] / ABI.pageSize * ABI.pageSize - base) / 8)
        words[directory + Int(page % 512)] = address | GuestPageTables.pageFlags
    }

    /// The region that holds them.
    var part: ImagePart {
        let content = words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        let pages = UInt64(content.count) / ABI.pageSize
        // Writable, because the CPU's walk of a guest's tables counts as a write (APM volume 2, 15.25.6).
        return ImagePart(
            region: ImageRegion(
                address: base, pages: pages, contentPages: pages,
                permissions: Permissions.read | Permissions.write),
            content: content)
    }
}

import SICEABI

/// Rights of a mapping. There is no writable and executable one (invariant I2).
enum PageRights {
    case readOnly, readWrite, readExecute

    /// Leaf bits (AMD64 APM volume 2, §5.4). Accessed and dirty are preset, so that the CPU never writes to the
    /// tables, which are mapped nowhere.
    var bits: UInt64 {
        switch self {
        case .readOnly: PageEntry.present | PageEntry.accessed | PageEntry.noExecute
        case .readWrite:
            PageEntry.present | PageEntry.accessed | PageEntry.dirty | PageEntry.writable
                | PageEntry.noExecute
        case .readExecute: PageEntry.present | PageEntry.accessed
        }
    }
}

/// Bits of a page-table entry.
package enum PageEntry {
    package static let present: UInt64 = 1 << 0
    package static let writable: UInt64 = 1 << 1
    package static let accessed: UInt64 = 1 << 5
    package static let dirty: UInt64 = 1 << 6
    package static let large: UInt64 = 1 << 7
    package static let noExecute: UInt64 = 1 << 63
    package static let addressMask: UInt64 = 0x000F_FFFF_FFFF_F000
    package static let largeSize: UInt64 = 2 << 20
}

/// Builds four-level page tables in a run of zeroed pages.
struct PageTableBuilder {
    /// Physical address of the level-4 table.
    let root: UInt64
    private var next: UInt64
    private let end: UInt64

    /// Uses the zeroed pages in `[start, end)`; the first becomes the root.
    init(from start: UInt64, to end: UInt64) {
        root = start
        next = start + ABI.pageSize
        self.end = end
    }

    /// Maps `size` bytes, page-aligned, with large pages where both addresses allow. Throws `bootNoTSEG` when
    /// the tables have no room, which the sizes in ``SMRAMLayout`` exclude.
    mutating func map<Memory: SMRAMMemory & ~Copyable>(
        _ virtual: UInt64, to physical: UInt64, size: UInt64, _ rights: PageRights, in memory: inout Memory
    ) throws(ErrorCode) {
        var offset: UInt64 = 0
        while offset < size {
            let left = size - offset
            let isLarge =
                (virtual + offset) % PageEntry.largeSize == 0
                && (physical + offset) % PageEntry.largeSize == 0
                && left >= PageEntry.largeSize
            let slot = try slot(of: virtual + offset, level: isLarge ? 2 : 1, in: &memory)
            memory.storeWord((physical + offset) | rights.bits | (isLarge ? PageEntry.large : 0), at: slot)
            offset += isLarge ? PageEntry.largeSize : ABI.pageSize
        }
    }

    /// Makes `table` (a zeroed page) the last-level table of the 2 MiB at `virtual`.
    mutating func attach<Memory: SMRAMMemory & ~Copyable>(
        table: UInt64, at virtual: UInt64, in memory: inout Memory
    ) throws(ErrorCode) {
        let slot = try slot(of: virtual, level: 2, in: &memory)
        memory.storeWord(table | PageEntry.present | PageEntry.writable | PageEntry.accessed, at: slot)
    }

    /// Physical address of the entry of `virtual` in its table of `level`; makes the tables above it.
    private mutating func slot<Memory: SMRAMMemory & ~Copyable>(
        of virtual: UInt64, level: UInt64, in memory: inout Memory
    ) throws(ErrorCode) -> UInt64 {
        var table = root
        var current: UInt64 = 4
        while true {
            let slot = table + (virtual >> (12 + 9 * (current - 1)) & 511) * 8
            if current == level { return slot }
            let entry = memory.word(at: slot)
            if entry & PageEntry.present == 0 {
                guard next < end else { throw .bootNoTSEG }
                memory.storeWord(
                    next | PageEntry.present | PageEntry.writable | PageEntry.accessed, at: slot)
                table = next
                next += ABI.pageSize
            } else {
                table = entry & PageEntry.addressMask
            }
            current -= 1
        }
    }
}

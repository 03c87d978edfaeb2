internal import ByteIO
internal import Installation
internal import SICEABI

/// Reads four-level page tables (AMD64 APM volume 2, §5.3.3), nested ones as well (§15.25.5).
///
/// Tables are input: each is read once, so that loops end, only where tables may lie, and the number of mappings is bounded.
struct PageTableWalk {
    /// What is wrong with an entry, or with a table.
    enum Fault: Equatable {
        /// The table lies where no table may.
        case misplaced
        /// Two entries, or a loop of them, lead to the same table.
        case repeated
        /// A large page where none may be.
        case large
        /// More mappings than any machine of this kind has; the rest was not read.
        case endless
    }

    /// Of each table that is at fault: its address and the first address that it translates.
    private(set) var faults: [(fault: Fault, table: UInt64, address: UInt64)] = []
    private(set) var mappings: [Mapping] = []
    private(set) var tables: Set<UInt64> = []
    private var leaves = 0
    private let takesLargePages: Bool

    /// More than SMRAM and all windows have pages.
    private static let maximumLeaves = 1 << 20
    /// Faults that are told of one walk.
    private static let maximumFaults = 64

    /// Reads all tables below `root`; `isTable` says where one may lie. Large pages that are not taken are faults.
    init<Memory: PhysicalMemory>(
        root: UInt64, in memory: Memory, largePages: Bool, isTable: (UInt64) -> Bool
    ) {
        takesLargePages = largePages
        walk(root, level: 4, Mapping(address: 0, physical: 0, size: 0, access: [.read, .write, .execute])) {
            table in
            guard isTable(table), let bytes = try? memory.read(Int(ABI.pageSize), at: table) else {
                return nil
            }
            return bytes
        }
    }

    private mutating func walk(
        _ table: UInt64, level: UInt64, _ above: Mapping, _ read: (UInt64) -> [UInt8]?
    ) {
        guard !tables.contains(table) else { return add(.repeated, table, above.address) }
        guard let bytes = read(table) else { return add(.misplaced, table, above.address) }
        tables.insert(table)
        let size = UInt64(1) << (12 + 9 * (level - 1))
        for index in 0..<512 {
            let entry = bytes.span.littleEndian(at: index * 8, as: UInt64.self)
            guard entry & PageEntry.present != 0 else { continue }
            var below = Mapping(
                address: above.address &+ UInt64(index) &* size, physical: entry & PageEntry.addressMask,
                size: size, access: above.access)
            if entry & PageEntry.writable == 0 { below.access.remove(.write) }
            if entry & PageEntry.noExecute != 0 { below.access.remove(.execute) }
            let isLarge = level > 1 && entry & PageEntry.large != 0
            if isLarge, level == 4 || !takesLargePages {
                add(.large, table, below.address)
            } else if isLarge || level == 1 {
                below.physical &= ~(size - 1)
                guard add(below) else { return add(.endless, table, below.address) }
            } else {
                walk(below.physical, level: level - 1, below, read)
            }
        }
    }

    private mutating func add(_ fault: Fault, _ table: UInt64, _ address: UInt64) {
        if faults.count < Self.maximumFaults { faults.append((fault, table, address)) }
    }

    /// False when there are too many.
    private mutating func add(_ leaf: Mapping) -> Bool {
        leaves += 1
        if let last = mappings.last, last.end == leaf.address, last.physicalEnd == leaf.physical,
            last.access == leaf.access
        {
            mappings[mappings.count - 1].size &+= leaf.size
        } else {
            mappings.append(leaf)
        }
        return leaves < Self.maximumLeaves
    }
}

import IsolatedImage
import SICEABI

/// Builds the tables that translate guest-physical addresses (AMD64 APM volume 2, 15.25): four levels, leaves of
/// 4 KiB. They are the whole of an environment's reach, so what is not mapped here does not exist for it.
enum NestedPageTable {
    enum Entry {
        static let present: UInt64 = 1 << 0
        static let writable: UInt64 = 1 << 1
        /// Nested translation counts every guest access as a user access (APM 15.25.5).
        static let user: UInt64 = 1 << 2
        static let noExecute: UInt64 = 1 << 63
        static let addressMask: UInt64 = 0x000F_FFFF_FFFF_F000
    }

    /// Maps one page; tables on the way to it come out of the pool. Throws `poolExhausted`, or `managerFault` when the place
    /// is taken already.
    static func map(
        _ page: NestedPage, root: PoolPage, pool: inout PagePool, account: inout PageAccount,
        machine: inout some PoolMachine & ~Copyable
    ) throws(ErrorCode) {
        var table = root
        for level in 0..<3 {
            let index = self.index(of: page.guestAddress, level: level)
            table = try nextTable(index, of: table, pool: &pool, account: &account, machine: &machine)
        }
        let index = self.index(of: page.guestAddress, level: 3)
        guard machine.word(index, of: table) == 0 else { throw .managerFault }
        machine.setWord(index, of: table, to: page.physicalAddress | attributes(page.permissions, page.kind))
    }

    /// The pool page that is mapped at a guest-physical address, if `owner` owns it and the tables on the way: nil for
    /// windows, which are the host's memory.
    static func ownPage(
        at guestAddress: UInt64, root: PoolPage, owner: UInt8, pool: borrowing PagePool,
        machine: borrowing some PoolMachine & ~Copyable
    ) -> PoolPage? {
        guard guestAddress >> 48 == 0 else { return nil }
        var page = root
        for level in 0..<4 {
            let entry = machine.word(index(of: guestAddress, level: level), of: page)
            guard entry & Entry.present != 0, let next = pool.page(at: entry & Entry.addressMask),
                machine.owner(of: next) == owner
            else { return nil }
            page = next
        }
        return page
    }

    private static func nextTable(
        _ index: Int, of table: PoolPage, pool: inout PagePool, account: inout PageAccount,
        machine: inout some PoolMachine & ~Copyable
    ) throws(ErrorCode) -> PoolPage {
        let entry = machine.word(index, of: table)
        guard entry & Entry.present == 0 else {
            guard let next = pool.page(at: entry & Entry.addressMask) else { throw .managerFault }
            return next
        }
        let next = try pool.take(for: &account, machine: &machine)
        let attributes = Entry.present | Entry.writable | Entry.user
        machine.setWord(index, of: table, to: next.address(poolBase: pool.base) | attributes)
        return next
    }

    /// Leaf attributes. A page of a bare program is never writable and executable, whatever the image says (I2).
    static func attributes(_ permissions: UInt32, _ kind: ImageKind) -> UInt64 {
        var attributes = Entry.present | Entry.user
        let isWritable = permissions & Permissions.write != 0
        if isWritable { attributes |= Entry.writable }
        if permissions & Permissions.execute == 0 || isWritable && kind != .linuxGuest {
            attributes |= Entry.noExecute
        }
        return attributes
    }

    /// Index into the table of `level`, 0 for the root.
    static func index(of address: UInt64, level: Int) -> Int {
        Int(truncatingIfNeeded: (address >> UInt64(truncatingIfNeeded: 39 &- 9 &* level)) & 511)
    }

    /// Pages that the tables of an image need at most. Regions come in ascending order and may share tables;
    /// windows are counted as if they shared none.
    static func pagesNeeded(for header: borrowing ImageHeader) -> UInt64 {
        var pages: UInt64 = 2  // The root, and one table below it: addresses stay below 2^39.
        var last = TableReach()
        for index in 0..<header.regionCount {
            let reach = TableReach(header.region(index))
            pages &+= reach.pages(after: last)
            last = reach
        }
        for index in 0..<header.windowCount {
            pages &+= TableReach(header.window(index)).pages(after: TableReach())
        }
        return pages
    }
}

/// Which tables of the two lowest levels a range needs: each covers 2 MiB or 1 GiB.
private struct TableReach {
    private var first: UInt64 = 0
    private var last: UInt64 = 0
    private var isEmpty = true

    init() {}

    init(_ range: ImageRegion) {
        first = range.address
        last = range.end &- 1
        isEmpty = false
    }

    /// Tables that this range needs besides those of the range before it.
    func pages(after other: TableReach) -> UInt64 {
        count(shift: 21, after: other) &+ count(shift: 30, after: other)
    }

    private func count(shift: UInt64, after other: TableReach) -> UInt64 {
        let tables = (last >> shift) &- (first >> shift) &+ 1
        let isShared = !other.isEmpty && other.last >> shift == first >> shift
        return isShared ? tables &- 1 : tables
    }
}

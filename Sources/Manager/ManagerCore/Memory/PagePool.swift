import SICEABI

/// The pages of SMRAM that environments are made of (invariant I3).
///
/// Each page has exactly one owner, written in the machine's metadata. Free pages form one list and the pages of
/// an owner another, linked through the metadata, so that taking and giving back a page costs the same whatever
/// the pool's size. A page that was never used lies at or above `frontier` and is cleared when it is first taken:
/// memory keeps its contents across a reset, and nobody else's word is taken for it. A page that comes back is
/// cleared at once.
package struct PagePool: ~Copyable {
    /// Physical address of page 0.
    let base: UInt64
    /// Pages in all.
    let count: UInt32
    /// Pages that are neither owned nor promised to anybody.
    private(set) var available: UInt64
    private(set) var frontier: UInt32
    private(set) var freeList: PageLink

    /// Owner bytes in the metadata.
    package enum Owner {
        package static let none: UInt8 = 0
        package static let manager: UInt8 = 0xFE
        package static func environment(_ slot: Slot) -> UInt8 { UInt8(truncatingIfNeeded: slot.index &+ 1) }
    }

    init(base: UInt64, count: UInt32) {
        self.base = base
        self.count = count
        available = UInt64(count)
        frontier = 0
        freeList = .none
    }

    /// Promises `pages` to an account, so that work spread over many commands cannot run out half-way.
    /// Throws `poolExhausted` and changes nothing when there are not as many.
    mutating func reserve(_ pages: UInt64, for account: inout PageAccount) throws(ErrorCode) {
        guard pages <= available else { throw .poolExhausted }
        available &-= pages
        account.reserved &+= pages
    }

    /// Gives back what was promised and not used.
    mutating func cancelReservation(of account: inout PageAccount) {
        available &+= account.reserved
        account.reserved = 0
    }

    /// Takes a page, which is zero, out of the account's reservation. Throws `poolExhausted` when nothing is
    /// left of that, `managerFault` when the metadata is not what it must be.
    mutating func take(
        for account: inout PageAccount, machine: inout some PoolMachine & ~Copyable
    ) throws(ErrorCode) -> PoolPage {
        guard account.reserved > 0 else { throw .poolExhausted }
        let page = try unusedPage(machine: &machine)
        machine.setOwner(of: page, to: account.owner)
        machine.setLink(of: page, to: account.pages.raw)
        account.pages = PageLink(to: page)
        account.reserved &-= 1
        account.owned &+= 1
        return page
    }

    private mutating func unusedPage(
        machine: inout some PoolMachine & ~Copyable
    ) throws(ErrorCode) -> PoolPage {
        if let page = freeList.page(below: count) {
            guard machine.owner(of: page) == Owner.none else { throw .managerFault }
            freeList = PageLink(raw: machine.link(of: page))
            return page
        }
        guard frontier < count else { throw .managerFault }
        let page = PoolPage(index: frontier)
        frontier &+= 1
        machine.zero(page)
        return page
    }

    /// Clears and frees one page of the account, the one taken last. Returns false when it owns none, or when its
    /// list is broken: the page then stays with its owner, and nobody else gets it.
    @discardableResult
    mutating func giveBackOne(
        of account: inout PageAccount, machine: inout some PoolMachine & ~Copyable
    ) -> Bool {
        guard account.owned > 0, let page = account.pages.page(below: count),
            machine.owner(of: page) == account.owner
        else { return false }
        account.pages = PageLink(raw: machine.link(of: page))
        account.owned &-= 1
        machine.zero(page)
        machine.setOwner(of: page, to: Owner.none)
        machine.setLink(of: page, to: freeList.raw)
        freeList = PageLink(to: page)
        available &+= 1
        return true
    }

    /// The pool page at a physical address, nil when there is none.
    func page(at address: UInt64) -> PoolPage? {
        guard address >= base, (address &- base) % ABI.pageSize == 0 else { return nil }
        let index = (address &- base) / ABI.pageSize
        return index < UInt64(count) ? PoolPage(index: UInt32(truncatingIfNeeded: index)) : nil
    }
}

/// What one owner has of the pool.
struct PageAccount {
    /// Owner byte of its pages.
    let owner: UInt8
    /// Pages promised and not yet taken.
    var reserved: UInt64 = 0
    /// Pages taken.
    var owned: UInt64 = 0
    /// Its pages, the one taken last first.
    var pages = PageLink.none
}

/// A link of a page list as the metadata holds it: 0 for the end, index + 1 otherwise.
package struct PageLink: Equatable {
    let raw: UInt32
    package static var none: PageLink { PageLink(raw: 0) }

    package init(raw: UInt32) { self.raw = raw }
    init(to page: PoolPage) { raw = page.index &+ 1 }

    /// The page, nil at the end of the list or when the link leads out of the pool.
    package func page(below count: UInt32) -> PoolPage? {
        raw > 0 && raw <= count ? PoolPage(index: raw &- 1) : nil
    }
}

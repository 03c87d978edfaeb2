internal import ByteIO
internal import Installation
internal import ManagerCore
internal import SICEABI

/// The pool's metadata: who owns each page, and each owner's list (invariant I3).
struct OwnershipTable {
    let owners: [UInt8]
    let links: [PageLink]
    private(set) var findings = Findings()
    /// Of each owner: its pages in the order in which it took them.
    private(set) var lists: [UInt8: [Int]] = [:]

    init<Memory: PhysicalMemory>(_ machine: AuditedMachine<Memory>) {
        let pages = Int(machine.plan.poolPages)
        let bytes = machine.smram(pages * 5, at: machine.plan.metadataBase)
        let count = bytes.count == pages * 5 ? pages : 0
        links = (0..<count).map { PageLink(raw: bytes.span.littleEndian(at: $0 * 4, as: UInt32.self)) }
        owners = Array(bytes.dropFirst(pages * 4).prefix(count))
        var pagesOf: [UInt8: [Int]] = [:]
        for page in 0..<count { pagesOf[owners[page], default: []].append(page) }
        for (owner, pages) in pagesOf.sorted(by: { $0.key < $1.key }) { judge(owner, pages, machine) }
    }

    private mutating func judge<Memory: PhysicalMemory>(
        _ owner: UInt8, _ pages: [Int], _ machine: AuditedMachine<Memory>
    ) {
        guard let name = AuditOwner(owner) else {
            for page in pages {
                findings.add(.pageList, .pool, machine.address(ofPage: page), "owner \(owner) is nobody")
            }
            return
        }
        var previous = [Int?](repeating: nil, count: owners.count)
        var first: Int?
        for page in pages {
            guard let next = links[page].page(below: UInt32(owners.count)) else {
                let isEnd = links[page] == PageLink.none
                // Free pages that were never used have no list yet.
                if !isEnd || (first != nil && owner != PagePool.Owner.none) {
                    let what = isEnd ? "a second end of the list" : "a link that leads out of the pool"
                    findings.add(.pageList, name, machine.address(ofPage: page), what)
                }
                first = first ?? page
                continue
            }
            let target = Int(next.index)
            guard owners[target] == owner, previous[target] == nil else {
                let what =
                    owners[target] == owner
                    ? "two links lead here" : "a link of \(name) leads to another's page"
                findings.add(.pageList, name, machine.address(ofPage: target), what)
                continue
            }
            previous[target] = page
        }
        guard owner != PagePool.Owner.none else { return }
        collect(owner, name, pages, first, previous, machine)
    }

    /// Goes back along the list from the page that was taken first.
    private mutating func collect<Memory: PhysicalMemory>(
        _ owner: UInt8, _ name: AuditOwner, _ pages: [Int], _ first: Int?, _ previous: [Int?],
        _ machine: AuditedMachine<Memory>
    ) {
        var list: [Int] = []
        var page = first
        // No page is met twice: each has one page before it, and the first one's link leads nowhere.
        while let current = page, list.count < pages.count {
            list.append(current)
            page = previous[current]
        }
        lists[owner] = list
        if list.count < pages.count {
            findings.add(
                .pageList, name, machine.address(ofPage: pages[0]), size: UInt64(pages.count) * ABI.pageSize,
                "\(pages.count) pages, and \(list.count) on the list")
        }
    }
}

extension AuditOwner {
    /// Whom an owner byte names; nil for nobody.
    init?(_ owner: UInt8) {
        switch owner {
        case PagePool.Owner.none: self = .pool
        case PagePool.Owner.manager: self = .manager
        case 1...UInt8(ABI.maximumEnvironments): self = .environment(slot: Int(owner) - 1)
        default: return nil
        }
    }
}

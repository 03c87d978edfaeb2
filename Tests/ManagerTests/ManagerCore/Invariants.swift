import Foundation
import IsolatedImage
import SICEABI
import Simulation
import Testing

@testable import ManagerCore

/// Checks what must hold after every command, against the raw contents of the simulated SMRAM.
func checkInvariants(_ s: Simulation, _ comment: Comment? = nil) {
    let owned = checkOwnership(s, comment)
    checkFreePages(s, comment)
    var mapped: Set<UInt32> = []
    for slot in 0..<ABI.maximumEnvironments {
        let state = s.manager.environments[slot].state
        guard state != .absent, state != .scrubbing else { continue }
        checkMappings(s, slot, owned[slot] ?? [], &mapped, comment)
    }
}

/// I3: each page has one owner, and the lists, the metadata and the accounts agree. Returns pages by slot.
private func checkOwnership(_ s: Simulation, _ comment: Comment?) -> [Int: Set<UInt32>] {
    var owned: [Int: Set<UInt32>] = [:]
    var reserved: UInt64 = 0
    for slot in 0..<ABI.maximumEnvironments {
        let account = s.manager.environments[slot].memory
        var pages: Set<UInt32> = []
        var link = account.pages
        while let page = link.page(below: s.manager.pool.count) {
            guard pages.insert(page.index).inserted else { break }
            #expect(s.machine.owner(of: page) == account.owner, comment)
            link = PageLink(raw: s.machine.link(of: page))
        }
        #expect(UInt64(pages.count) == account.owned, comment)
        #expect(pages.count == s.machine.owners.count { $0 == account.owner }, comment)
        if s.manager.environments[slot].state == .absent { #expect(pages.isEmpty, comment) }
        owned[slot] = pages
        reserved += account.reserved
    }
    let taken = s.machine.owners.count { $0 != PagePool.Owner.none }
    #expect(s.machine.owners.count { $0 == PagePool.Owner.manager } == 2, comment)
    #expect(UInt64(taken) + reserved + s.manager.pool.available == UInt64(s.manager.pool.count), comment)
    return owned
}

/// Free pages that were used before are zero, and the free list holds each of them once.
private func checkFreePages(_ s: Simulation, _ comment: Comment?) {
    let pool = (count: s.manager.pool.count, frontier: s.manager.pool.frontier)
    var free: Set<UInt32> = []
    var link = s.manager.pool.freeList
    while let page = link.page(below: pool.count) {
        guard free.insert(page.index).inserted else { break }
        #expect(s.machine.owner(of: page) == PagePool.Owner.none && page.index < pool.frontier, comment)
        #expect(isZero(s, page), comment)
        link = PageLink(raw: s.machine.link(of: page))
    }
    let unowned = (0..<pool.frontier).count { s.machine.owners[Int($0)] == PagePool.Owner.none }
    #expect(free.count == unowned, comment)
}

/// Whether a page holds nothing. (These run thousands of times: no copies of the machine, no closures per byte.)
func isZero(_ s: Simulation, _ page: PoolPage) -> Bool {
    let start = Int(page.index) * 4096
    return unsafe s.machine.pool.withUnsafeBytes { pool in
        let first = unsafe pool.baseAddress! + start
        // Zero at the start, and every byte like the one before it.
        return unsafe pool[start] == 0 && memcmp(first, first + 1, 4095) == 0
    }
}

/// The entries of a table that are not zero, with their indices.
private func entries(_ s: Simulation, _ page: PoolPage) -> [(Int, UInt64)] {
    guard !isZero(s, page) else { return [] }
    let pool = s.machine.pool
    var result: [(Int, UInt64)] = []
    for index in 0..<512 {
        let offset = Int(page.index) * 4096 + index * 8
        let entry = unsafe pool.withUnsafeBytes {
            unsafe $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        }
        if entry != 0 { result.append((index, entry)) }
    }
    return result
}

/// A leaf of a nested page table.
struct Leaf {
    let guest: UInt64
    let physical: UInt64
    let isWritable: Bool
    let isExecutable: Bool
}

/// Every leaf of an environment's tables, and the pages that are tables.
func walk(_ s: Simulation, _ slot: Int) -> (leaves: [Leaf], tables: Set<UInt32>) {
    var leaves: [Leaf] = []
    var tables: Set<UInt32> = []
    func visit(_ table: PoolPage, _ level: Int, _ address: UInt64) {
        #expect(tables.insert(table.index).inserted)
        for (index, entry) in entries(s, table) {
            let guest = address | UInt64(index) << UInt64(39 - 9 * level)
            let target = entry & NestedPageTable.Entry.addressMask
            #expect(entry & 1 == 1 && entry & 4 == 4)
            if level == 3 {
                leaves.append(
                    Leaf(
                        guest: guest, physical: target, isWritable: entry & 2 != 0,
                        isExecutable: entry >> 63 == 0))
            } else if let next = s.manager.pool.page(at: target) {
                visit(next, level + 1, guest)
            } else {
                Issue.record("a table outside the pool")
            }
        }
    }
    visit(s.manager.environments[slot].tables, 0, 0)
    return (leaves, tables)
}

/// An environment reaches its own private pages, each once, and host RAM through declared windows; nothing else.
private func checkMappings(
    _ s: Simulation, _ slot: Int, _ owned: Set<UInt32>, _ mapped: inout Set<UInt32>, _ comment: Comment?
) {
    let (leaves, tables) = walk(s, slot)
    #expect(tables.isSubset(of: owned), comment)
    let header = s.manager.environments[slot].header
    var regions: [ImageRegion] = []
    var windows: [ImageRegion] = []
    let bytes = Array(s.machine.pool[Int(header.index) * 4096..<Int(header.index) * 4096 + 4096])
    let view = ImageHeader(validated: bytes.span)
    for index in 0..<view.regionCount { regions.append(view.region(index)) }
    for index in 0..<view.windowCount { windows.append(view.window(index)) }
    var privatePages: Set<UInt32> = []
    for leaf in leaves {
        #expect(view.isLinuxGuest || !(leaf.isWritable && leaf.isExecutable), comment)
        if let page = s.manager.pool.page(at: leaf.physical) {
            #expect(owned.contains(page.index) && !tables.contains(page.index), comment)
            #expect(page != header && mapped.insert(page.index).inserted, comment)
            privatePages.insert(page.index)
            let region = regions.first { $0.contains(leaf.guest) }
            #expect(region?.isWritable == leaf.isWritable, comment)
            #expect(region?.isExecutable == leaf.isExecutable, comment)
        } else {
            #expect(!leaf.isExecutable, comment)
            #expect(
                MachineLayout.hostRanges.contains {
                    $0.base <= leaf.physical && leaf.physical < $0.base + $0.count
                }, comment)
            #expect(windows.first { $0.contains(leaf.guest) }?.isWritable == leaf.isWritable, comment)
        }
    }
    // Header, tables and private pages are all that it owns.
    #expect(owned == privatePages.union(tables).union([header.index]), comment)
}

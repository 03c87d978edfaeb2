import Foundation
import SICEABI
import Simulation

@testable import ManagerCore

// What properties look at in memory.
extension World {
    func hasMeasurement(_ digest: [UInt8], _ slot: Int) -> Bool {
        unsafe withUnsafeBytes(of: manager.environments[slot].measurement) { measurement in
            unsafe digest.withUnsafeBytes { digest in
                unsafe memcmp(measurement.baseAddress!, digest.baseAddress!, 32) == 0
            }
        }
    }

    func expected(_ slot: Int) -> ExpectedImage? { slot < images.count ? images[slot] : nil }

    /// Every leaf of an environment's nested tables; nil when a table is no page of the pool.
    func leaves(of environment: SlotSummary) -> [Leaf]? {
        var leaves: [Leaf] = []
        var tables = [(page: environment.tables, guest: UInt64(0))]
        for level in 0..<4 {
            var below: [(page: Int, guest: UInt64)] = []
            for table in tables {
                for (index, entry) in entries(table.page) {
                    let guest = table.guest | UInt64(index) << UInt64(39 - 9 * level)
                    let target = entry & NestedPageTable.Entry.addressMask
                    guard level < 3 else {
                        leaves.append(
                            Leaf(
                                guest: guest, physical: target, isWritable: entry & 2 != 0,
                                isExecutable: entry >> 63 == 0))
                        continue
                    }
                    guard let next = manager.pool.page(at: target) else { return nil }
                    below.append((Int(next.index), guest))
                }
            }
            tables = below
        }
        return leaves
    }

    /// The entries of a table that are not zero. A table is nearly empty, so it is looked at in pieces.
    private func entries(_ page: Int) -> [(Int, UInt64)] {
        unsafe machine.base.pool.withUnsafeBytes { pool in
            unsafe Transition.zeros.withUnsafeBytes { zeros in
                var entries: [(Int, UInt64)] = []
                for piece in 0..<32 {
                    let start = page * 4096 + piece * 128
                    guard unsafe memcmp(pool.baseAddress! + start, zeros.baseAddress!, 128) != 0 else {
                        continue
                    }
                    for index in 0..<16 {
                        let entry = unsafe pool.loadUnaligned(
                            fromByteOffset: start + index * 8, as: UInt64.self)
                        if entry != 0 { entries.append((piece * 16 + index, entry)) }
                    }
                }
                return entries
            }
        }
    }
}

import IsolatedImage
import SICEABI
import Simulation

@testable import ManagerCore

// I2, I3, and what is measured: whose pages are whose, what they hold, and who reaches them.
extension Transition {
    /// I3: each page is owned once, and the accounts, the lists and the metadata say the same.
    var ownerFinding: String? {
        let owners = world.machine.base.owners
        var taken = 2
        var reserved: UInt64 = 0
        for (slot, environment) in after.slots.enumerated() {
            if let finding = finding(slot, environment, owners) { return finding }
            taken += environment.pages.count
            reserved += environment.reserved
        }
        guard owners.count(where: { $0 != 0 }) == taken else {
            return "a page has an owner who knows nothing of it"
        }
        guard owners[0] == PagePool.Owner.manager, owners[1] == PagePool.Owner.manager else {
            return "the log's pages are not the manager's"
        }
        guard UInt64(taken) + reserved + after.available == UInt64(owners.count) else {
            return "pages were lost or counted twice"
        }
        return freeFinding(owners)
    }

    private func finding(_ slot: Int, _ environment: SlotSummary, _ owners: [UInt8]) -> String? {
        guard environment.pages.count == environment.owned else {
            return "the account of environment \(slot) counts wrong"
        }
        guard Set(environment.pages).count == environment.pages.count,
            environment.pages.allSatisfy({ owners[$0] == UInt8(slot + 1) })
        else { return "a page of environment \(slot) is not its own" }
        guard environment.state != .absent || environment.owned + environment.reserved == 0 else {
            return "an environment that is gone owns pages"
        }
        return nil
    }

    /// Pages that come back hold nothing.
    private func freeFinding(_ owners: [UInt8]) -> String? {
        let free = world.pages(from: world.manager.pool.freeList)
        for page in free {
            guard owners[page] == 0 else { return "a free page has an owner" }
            guard world.equals(page, Self.zeros) else { return "a free page holds something" }
        }
        let used = (0..<Int(world.manager.pool.frontier)).count { owners[$0] == 0 }
        return Set(free).count == free.count && free.count == used ? nil : "the list of free pages is wrong"
    }

    private static let noMeasurement = [UInt8](repeating: 0, count: 32)
    static let zeros = [UInt8](repeating: 0, count: 4096)

    // MARK: Mappings

    /// I2: an environment reaches its own private pages with its regions' rights, and declared windows, nothing else.
    var mappingFinding: String? {
        for (slot, environment) in after.slots.enumerated() {
            guard Self.hasTables(environment) else { continue }
            guard let leaves = world.leaves(of: environment) else { return "a table lies outside the pool" }
            for leaf in leaves {
                if let finding = finding(leaf, slot, environment) { return finding }
            }
            let pages = leaves.compactMap { world.manager.pool.page(at: $0.physical)?.index }
            if Set(pages).count != pages.count { return "a page is mapped twice" }
        }
        return nil
    }

    private static func hasTables(_ environment: SlotSummary) -> Bool {
        environment.state != .absent && environment.state != .scrubbing
    }

    private func finding(_ leaf: Leaf, _ slot: Int, _ environment: SlotSummary) -> String? {
        let image = world.bounds.images[slot]
        guard let page = world.manager.pool.page(at: leaf.physical) else {
            if leaf.isExecutable { return "host memory is executable" }
            let isRAM = ObservedMachine.isRAM(leaf.physical, 4096)
            return isRAM && image.windows.contains { $0.contains(leaf.guest) } ? nil : "a leaf leads nowhere"
        }
        let index = Int(page.index)
        guard environment.pages.contains(index), index != environment.header, index != environment.tables
        else {
            return "environment \(slot) reaches a page that is not for it"
        }
        guard let region = image.regions.first(where: { $0.contains(leaf.guest) }) else {
            return "a page is mapped where no region is"
        }
        if leaf.isWritable, leaf.isExecutable, !environment.isLinux {
            return "a page is writable and executable"
        }
        let isAsDeclared = leaf.isWritable == region.isWritable && leaf.isExecutable == region.isExecutable
        return isAsDeclared ? nil : "a page has other rights than its region"
    }

    // MARK: Measurement

    /// From its seal on an environment is what was measured, byte for byte: nothing in this model's guests writes.
    var measurementFinding: String? {
        for (slot, environment) in after.slots.enumerated() {
            guard [.sealed, .runnable, .running, .dead].contains(environment.state),
                environment.owned > 0, let expected = world.expected(slot),
                let leaves = world.leaves(of: environment), isSealed(slot)
            else { continue }
            guard world.hasMeasurement(expected.digest, slot) else { return "another image was measured" }
            guard world.equals(environment.header, expected.header) else { return "the header was changed" }
            for leaf in leaves {
                guard let page = world.manager.pool.page(at: leaf.physical) else { continue }
                guard world.equals(Int(page.index), expected.pages[leaf.guest] ?? Self.zeros) else {
                    return "a measured page was changed"
                }
            }
        }
        return nil
    }

    /// One that died while it was loaded was never sealed.
    private func isSealed(_ slot: Int) -> Bool {
        after.slots[slot].state != .dead || !world.hasMeasurement(Self.noMeasurement, slot)
    }
}

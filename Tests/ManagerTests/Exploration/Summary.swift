import GuestPolicy
import SICEABI
import Simulation

@testable import ManagerCore

/// What decides a state's future, and what properties look at. Pages count by how many, not by which: the manager treats
/// all alike, and the properties look at each. What is left out decides nothing: values of guests' registers (set anew before
/// each exit), contents of host memory (the host's choice at each step), how many entries the log has.
struct Summary {
    var slots: [SlotSummary]
    var cores: [CoreSummary]
    var isLocked: Bool
    var isFaulted: Bool
    var hasReportKey: Bool
    /// Where the machine keeps it.
    var hasMachineKey: Bool
    var available: UInt64
    var logCount: UInt64
    var logHead: [UInt8]
    var logOldest: UInt64

    var key: [UInt8] {
        var key: [UInt8] = [
            isLocked ? 1 : 0, isFaulted ? 1 : 0, hasReportKey ? 1 : 0, hasMachineKey ? 1 : 0,
            UInt8(truncatingIfNeeded: available), logOldest > 0 ? 1 : 0,
        ]
        for slot in slots { slot.append(to: &key) }
        for core in cores { core.append(to: &key) }
        return key
    }
}

struct SlotSummary: Equatable {
    var state: LifecycleState
    var identifier: UInt64
    var isLinux: Bool
    var contentLeft: UInt64
    var zeroLeft: UInt64
    var owned: UInt64
    var reserved: UInt64
    var attached: UInt8
    var core: Int
    /// Bits of what else there is to know.
    var flags: UInt8
    /// A virtual CPU is kept.
    var hasGuest: Bool
    /// Its pages, as the list of its account has them.
    var pages: [Int]
    var header: Int
    var tables: Int

    func append(to key: inout [UInt8]) {
        key += [
            state.rawValue, identifier > 0xFF ? 1 : 0, UInt8(contentLeft), UInt8(zeroLeft), UInt8(owned),
            UInt8(reserved), attached, state == .running ? UInt8(core) : 0, flags,
        ]
    }
}

struct CoreSummary: Equatable {
    /// What the core's entry code does next.
    enum Place: UInt8 { case host, guest, isolatedGuest, waiting }
    var place: Place
    /// Whose guest that is.
    var guest: Int?
    /// As the manager's tables have it.
    var running: Int?
    var isolated: Int?
    var hasEntered: Bool
    var isStopRequested: Bool
    var nextStopIsNMI: Bool

    /// The legacy host's to give away.
    var isFree: Bool { running == nil && isolated == nil }

    func append(to key: inout [UInt8]) {
        func number(_ slot: Int?) -> UInt8 { slot.map { UInt8($0) } ?? 0xFF }
        let flags: UInt8 = (hasEntered ? 1 : 0) | (isStopRequested ? 2 : 0) | (nextStopIsNMI ? 4 : 0)
        key += [place.rawValue, number(guest), number(running), number(isolated), flags]
    }
}

extension World {
    /// One slot more than there can be environments: it stays empty.
    func summarize() -> Summary {
        let machineCores = cores.indices.map { summarize(core: $0) }
        let slots = (0...bounds.images.count).map { summarize(slot: $0) }
        return Summary(
            slots: slots, cores: machineCores, isLocked: manager.isLocked, isFaulted: manager.isFaulted,
            hasReportKey: manager.hasReportKey, hasMachineKey: machine.base.hasKey,
            available: manager.pool.available, logCount: manager.log.count,
            logHead: unsafe withUnsafeBytes(of: manager.log.head) { unsafe Array($0) },
            logOldest: manager.log.oldest)
    }

    private func summarize(slot: Int) -> SlotSummary {
        let account = manager.environments[slot].memory
        return SlotSummary(
            state: manager.environments[slot].state,
            identifier: UInt64(manager.identifier(of: Slot(UInt64(slot))!)),
            isLinux: manager.environments[slot].kind == .linuxGuest,
            contentLeft: manager.environments[slot].cursor.contentLeft,
            zeroLeft: manager.environments[slot].cursor.zeroLeft, owned: account.owned,
            reserved: account.reserved, attached: manager.environments[slot].attachedWindows,
            core: manager.environments[slot].core.index,
            flags: flags(slot), hasGuest: machine.base.guests[slot] != nil,
            pages: pages(from: account.pages), header: Int(manager.environments[slot].header.index),
            tables: Int(manager.environments[slot].tables.index))
    }

    private func flags(_ slot: Int) -> UInt8 {
        var flags: UInt8 = 0
        if manager.environments[slot].mode == .multiCore { flags |= 1 }
        if manager.environments[slot].awaitsInput { flags |= 2 }
        if manager.environments[slot].pendingRead != 0 { flags |= 4 }
        if manager.environments[slot].wasStarted { flags |= 8 }
        if manager.environments[slot].controllers.word != 0 { flags |= 16 }
        if let guest = machine.base.guests[slot] { flags |= guest.pendingInterrupt == nil ? 32 : 96 }
        return flags
    }

    /// A list of pages, cut off where it comes back to itself.
    func pages(from first: PageLink) -> [Int] {
        var pages: [Int] = []
        var link = first
        while let page = link.page(below: manager.pool.count), pages.count <= machine.base.owners.count {
            pages.append(Int(page.index))
            link = PageLink(raw: machine.base.links[Int(page.index)])
        }
        return pages
    }

    private func summarize(core: Int) -> CoreSummary {
        let isolated = manager.isolatedCores[core]
        let running = manager.runningSlots[core]?.index
        let (place, guest): (CoreSummary.Place, Int?) =
            switch cores[core].step {
            case .resumeHost: (.host, nil)
            case .enterGuest(let slot): (.guest, slot.index)
            case .enterIsolated(let slot): (.isolatedGuest, slot.index)
            case .awaitAnswer: (.waiting, running)
            }
        return CoreSummary(
            place: place, guest: guest, running: running, isolated: isolated.slot?.index,
            hasEntered: isolated.hasEntered, isStopRequested: isolated.isStopRequested,
            nextStopIsNMI: isolated.nextStopIsNMI)
    }
}

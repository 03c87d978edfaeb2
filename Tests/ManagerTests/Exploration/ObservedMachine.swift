import Foundation
import GuestPolicy
import ManagerCore
import SICEABI
import Simulation

/// A simulated machine that notes what the manager does with it during one SMI, and can have one defect.
struct ObservedMachine: ManagerMachine {
    var base: SimulatedMachine
    var seen = Observation()
    /// Value of the calling core's APIC base register (MSR 0x1B); the manager's own check decides what it allows.
    var apicBase = ObservedMachine.usualAPICBase
    var defect: Defect?
    /// Looks on while the manager works.
    var onlooker: Onlooker?

    static let usualAPICBase: UInt64 = 0xFEE0_0800

    init(poolPages: Int, defect: Defect?) {
        base = SimulatedMachine(poolPages: poolPages)
        self.defect = defect
    }

    /// Whether a range is RAM of this machine, whatever the manager was told.
    static func isRAM(_ address: UInt64, _ count: UInt64) -> Bool {
        MachineLayout.hostRanges.contains {
            address >= $0.base && address + count <= $0.base + $0.count
        }
    }
}

/// What one SMI did.
struct Observation {
    /// Host memory that was read, with how much.
    var reads: [HostRange] = []
    var writes: [HostRange] = []
    /// Host addresses that are no RAM.
    var strays: [HostRange] = []
    /// Pages that were copied, hashed or cleared.
    var pageWork = 0
    var signals = 0
}

extension ObservedMachine {
    func word(_ index: Int, of page: PoolPage) -> UInt64 { base.word(index, of: page) }

    mutating func setWord(_ index: Int, of page: PoolPage, to value: UInt64) {
        onlooker?.look(at: self)
        base.setWord(index, of: page, to: defect == .executableWindow ? value & ~(1 << 63) : value)
    }

    mutating func zero(_ page: PoolPage) {
        onlooker?.look(at: self)
        seen.pageWork += 1
        // A page that has an owner is on its way back to the pool.
        guard defect != .pagesKeepSecrets || base.owner(of: page) == 0 else { return }
        // As the simulated machine does, but without a closure per byte: this runs a hundred thousand times.
        unsafe base.pool.withUnsafeMutableBytes { pool in
            _ = unsafe memset(pool.baseAddress! + Int(page.index) * 4096, 0, 4096)
        }
    }

    @_lifetime(borrow self)
    func bytes(of page: PoolPage) -> Span<UInt8> { base.bytes(of: page) }

    mutating func store(_ source: Span<UInt8>, at offset: Int, of page: PoolPage) {
        onlooker?.look(at: self)
        base.store(source, at: defect == .logStartsAnew ? 0 : offset, of: page)
    }

    func owner(of page: PoolPage) -> UInt8 { base.owner(of: page) }
    func link(of page: PoolPage) -> UInt32 { base.link(of: page) }

    mutating func setOwner(of page: PoolPage, to owner: UInt8) {
        onlooker?.look(at: self)
        guard defect != .freedPagesKeepOwners || owner != 0 else { return }
        base.setOwner(of: page, to: owner)
    }

    mutating func setLink(of page: PoolPage, to link: UInt32) {
        onlooker?.look(at: self)
        base.setLink(of: page, to: link)
    }
}

extension ObservedMachine {
    /// Notes a read; false when there is nothing at the place.
    private mutating func noteRead(_ range: HostRange) -> Bool {
        guard Self.isRAM(range.address, range.count) else {
            seen.strays.append(range)
            return false
        }
        seen.reads.append(range)
        return true
    }

    private mutating func noteWrite(_ range: HostRange) -> Bool {
        guard Self.isRAM(range.address, range.count) else {
            seen.strays.append(range)
            return false
        }
        seen.writes.append(range)
        return true
    }

    mutating func copy(_ range: HostRange, into target: inout MutableSpan<UInt8>) {
        if noteRead(range) { base.copy(range, into: &target) }
    }

    mutating func copyPage(_ page: HostRange, into target: PoolPage) {
        seen.pageWork += 1
        if noteRead(page) { base.copyPage(page, into: target) }
        if defect == .readsTwice, noteRead(page) { base.copyPage(page, into: target) }
    }

    mutating func copy(_ source: Span<UInt8>, to range: HostRange) {
        onlooker?.look(at: self)
        if noteWrite(range) { base.copy(source, to: range) }
    }

    mutating func take(_ word: UInt64, at place: HostRange) -> Bool {
        noteWrite(place) && base.take(word, at: place)
    }

    mutating func readWord(at place: HostRange) -> UInt32 {
        noteRead(place) ? base.readWord(at: place) : 0
    }

    mutating func writeWord(_ word: UInt32, at place: HostRange) {
        if noteWrite(place) { base.writeWord(word, at: place) }
    }
}

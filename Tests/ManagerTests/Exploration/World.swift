import Foundation
import GuestPolicy
import SICEABI
import Simulation

@testable import ManagerCore

/// The manager and its machine, put into one state after the other.
final class World {
    let bounds: ModelBounds
    let defect: Defect?
    var manager: Manager<ObservedMachine>
    var machine: ObservedMachine
    var cores: [Core]
    /// By slot.
    let images: [ExpectedImage]
    /// Host memory before the host does anything: its contents are its choice at each step.
    private let quietHost: [[UInt8]]

    struct Core {
        /// What its entry code does next.
        var step = ManagerStep.resumeHost
        /// The host's registers, as the last step left them.
        var registers = HostRegisters()
    }

    init(_ bounds: ModelBounds, _ defect: Defect?) throws(ErrorCode) {
        self.bounds = bounds
        self.defect = defect
        var images: [ExpectedImage] = []
        for image in bounds.images { images.append(try ExpectedImage(image)) }
        self.images = images
        machine = ObservedMachine(poolPages: bounds.poolPages, defect: defect)
        // No answer is there unless an action writes one.
        machine.base.host[2].replaceSubrange(0x1_0000..<0x1_2000, with: repeatElement(0xEE, count: 0x2000))
        quietHost = machine.base.host
        cores = Array(repeating: Core(), count: bounds.cores)
        manager = try Self.takeOver(bounds, defect, &machine)
    }

    private static func takeOver(
        _ bounds: ModelBounds, _ defect: Defect?, _ machine: inout ObservedMachine
    ) throws(ErrorCode) -> Manager<ObservedMachine> {
        var handoff = MachineLayout.handoff(
            poolPages: bounds.poolPages, cores: UInt32(bounds.cores), flags: HandoffFlags.measuredBoot)
        if defect == .mapNamesHole {
            handoff.set(UInt32(3), at: HandoffLayout.ramRangeCount)
            handoff.set(UInt64(0xD000_0000), at: HandoffLayout.ramRanges + 32)
            handoff.set(UInt64(1 << 20), at: HandoffLayout.ramRanges + 40)
        }
        let version = MachineLayout.version
        return try Manager(handoff: handoff.span, version: version.span, machine: &machine)
    }

    /// Memory keeps what it had; all else starts anew.
    func reset() throws(ErrorCode) {
        let pool = machine.base.pool
        machine = ObservedMachine(poolPages: bounds.poolPages, defect: defect)
        machine.base.pool = pool
        machine.base.host = quietHost
        for core in cores.indices { cores[core] = Core() }
        manager = try Self.takeOver(bounds, defect, &machine)
    }

    // MARK: States

    /// A state as it is kept. Pages that are as in the state before it are kept once.
    struct Kept {
        fileprivate let manager: [UInt8]
        fileprivate let machine: ObservedMachine
        let pages: [[UInt8]]
        fileprivate let cores: [Core]
    }

    func keep(after before: Kept?) -> Kept {
        var light = machine
        light.base.pool = []
        light.base.host = []
        light.seen = Observation()
        return Kept(
            // The manager is a value without references: its bytes are all of it.
            manager: unsafe withUnsafeBytes(of: &manager) { unsafe Array($0) }, machine: light,
            pages: machine.base.owners.indices.map { page in
                if let before, equals(page, before.pages[page]) { return before.pages[page] }
                return Array(machine.base.pool[page * 4096..<(page + 1) * 4096])
            }, cores: cores)
    }

    func restore(_ kept: Kept) {
        unsafe withUnsafeMutableBytes(of: &manager) { unsafe $0.copyBytes(from: kept.manager) }
        var pool = machine.base.pool
        machine.base.pool = []
        for (index, page) in kept.pages.enumerated() where !Self.equal(pool, index, page) {
            unsafe pool.withUnsafeMutableBytes { all in
                unsafe UnsafeMutableRawBufferPointer(rebasing: all[index * 4096..<(index + 1) * 4096])
                    .copyBytes(from: page)
            }
        }
        machine = kept.machine
        machine.base.pool = pool
        machine.base.host = quietHost
        cores = kept.cores
    }

    /// Whether a page of the pool holds these bytes.
    func equals(_ page: Int, _ bytes: [UInt8]) -> Bool { Self.equal(machine.base.pool, page, bytes) }

    private static func equal(_ pool: [UInt8], _ page: Int, _ bytes: [UInt8]) -> Bool {
        unsafe pool.withUnsafeBytes { all in
            unsafe bytes.withUnsafeBytes { wanted in
                unsafe memcmp(all.baseAddress! + page * 4096, wanted.baseAddress!, 4096) == 0
            }
        }
    }

    /// Whether memory and its owners are as they were.
    func hasMemory(of kept: Kept) -> Bool {
        machine.base.owners == kept.machine.base.owners && machine.base.links == kept.machine.base.links
            && kept.pages.indices.allSatisfy { equals($0, kept.pages[$0]) }
    }

    // MARK: Host memory

    func write(_ bytes: [UInt8], at address: UInt64) {
        let place = SimulatedMachine.place(address, UInt64(bytes.count))
        machine.base.host[place.range].replaceSubrange(
            place.offset..<place.offset + bytes.count, with: bytes)
    }

    func read(_ address: UInt64, _ count: Int) -> ArraySlice<UInt8> {
        let place = SimulatedMachine.place(address, UInt64(count))
        return machine.base.host[place.range][place.offset..<place.offset + count]
    }
}

import Diagnostics
import GuestPolicy
public import Installation
import ManagerCore
public import PagingAudit
import SICEABI
import SVM
public import Simulation

/// A stopped machine as the project's own code leaves it: SMRAM by the installer, environments by the manager on a simulated
/// machine, VMCBs by what the real one writes them with. A test changes a byte of it.
public struct ForgedMachine: Sendable {
    public var memory = ForgedMemory()
    public let manager: ManagerFile
    public let plan: SMRAMPlan

    /// Puts a simulation's environments into an SMRAM for two cores.
    public init(_ simulation: Simulation) throws {
        let file = SampleManager.file
        manager = try ManagerFile(content: file, fixed: SampleManager.fixed)
        let image = try ManagerImage(file.span)
        plan = try SMRAMPlan(
            base: MachineLayout.smramBase, size: MachineLayout.smramSize, coreCount: 2, image: image)
        precondition(plan.poolBase == MachineLayout.poolBase, "the sample manager has another size")
        try install(file, image)
        storePool(simulation.machine)
        for (slot, guest) in simulation.machine.guests.enumerated() {
            if let guest { storeControlBlock(guest, slot: slot) }
        }
        storePermissionMaps()
    }

    /// Two environments that can run, a program with a window and a Linux guest, and one that is being loaded.
    public static func sample() throws -> ForgedMachine { try made.get() }

    private static let made = Result { try makeSample() }

    private static func makeSample() throws -> ForgedMachine {
        let simulation = try Simulation()
        _ = try simulation.launch()
        _ = try simulation.launch(.linuxGuest())
        let file = try SampleImage().file()
        try simulation.load(simulation.create(file), file, 0, 3)
        return try ForgedMachine(simulation)
    }

    private mutating func install(_ file: [UInt8], _ image: ManagerImage) throws(ErrorCode) {
        var handoff = ManagerHandoff()
        handoff.communicationBase = MachineLayout.communicationBase
        handoff.communicationSize = MachineLayout.hostRanges[2].count
        for range in MachineLayout.hostRanges.prefix(2) {
            try handoff.addRAM(base: range.base, size: range.count)
        }
        try SMRAMInstaller.install(
            file.span, image, plan: plan, handoff: handoff,
            into: ClearedSMRAM(base: plan.base, size: plan.size, in: &memory), &memory)
    }

    private mutating func storePool(_ machine: SimulatedMachine) {
        for (page, owner) in machine.owners.enumerated() {
            let start = UInt64(page)
            memory.store([owner], at: plan.metadataBase + plan.poolPages * 4 + start)
            let link = machine.links[page]
            memory.store(
                (0..<4).map { UInt8(truncatingIfNeeded: link >> ($0 * 8)) }, at: plan.metadataBase + start * 4
            )
            guard owner != 0 else { continue }
            memory.store(
                Array(machine.pool[page * 4096..<(page + 1) * 4096]), at: plan.poolBase + start * 4096)
        }
    }

    private mutating func storeControlBlock(_ guest: SimulatedGuest, slot: Int) {
        var block = [UInt8](repeating: 0, count: VMCB.size)
        var fields = block.mutableSpan
        GuestStart(
            entry: guest.start.entry, stackPointer: guest.start.stackPointer,
            pageTableRoot: guest.start.pageTableRoot,
            nestedRoot: plan.poolBase + UInt64(guest.nestedRoot.index) * 4096,
            permissionMap: place(SampleManager.fixed.permissionMap), asid: UInt32(slot + 1)
        ).store(into: &fields)
        if guest.start.kind == .linuxGuest {
            LinuxGuestStart.store(msrMap: place(SampleManager.fixed.msrMap), into: &fields)
        }
        memory.store(block, at: controlBlock(ofSlot: slot))
    }

    private mutating func storePermissionMaps() {
        memory.store(
            [UInt8](repeating: 0xFF, count: 12288), at: place(SampleManager.fixed.permissionMap))
        var map = [UInt8](repeating: 0, count: MSRPermissionMap.size)
        var span = map.mutableSpan
        MSRPermissionMap.store(into: &span)
        memory.store(map, at: place(SampleManager.fixed.msrMap))
    }
}

/// Where things are that a test changes.
extension ForgedMachine {
    /// Physical address of an offset in the manager's image.
    public func place(_ offset: UInt64) -> UInt64 { plan.imageBase + offset }

    public var permissionMap: UInt64 { place(SampleManager.fixed.permissionMap) }
    public var msrMap: UInt64 { place(SampleManager.fixed.msrMap) }

    public func controlBlock(ofSlot slot: Int) -> UInt64 {
        place(SampleManager.fixed.controlBlocks) + UInt64(slot) * 4096
    }

    /// Physical address of the manager's level-4 table.
    public var root: UInt64 { plan.tablesBase + 8 * 4096 }

    /// Physical address of a slot's level-4 nested table, as its VMCB says.
    public func nestedRoot(ofSlot slot: Int) -> UInt64 {
        memory.word(at: controlBlock(ofSlot: slot) + UInt64(VMCB.nestedCR3))
    }

    /// Physical address of the entry of `address` in its table of `level`, 4 for the root, below `root`.
    public func entry(of address: UInt64, level: UInt64 = 1, root: UInt64) -> UInt64 {
        var table = root
        for current in stride(from: UInt64(4), to: level, by: -1) {
            table = memory.word(at: table + Self.index(address, current) * 8) & 0x000F_FFFF_FFFF_F000
        }
        return table + Self.index(address, level) * 8
    }

    private static func index(_ address: UInt64, _ level: UInt64) -> UInt64 {
        address >> (12 + 9 * (level - 1)) & 511
    }

    /// Changes a word.
    public mutating func change(_ address: UInt64, _ body: (UInt64) -> UInt64) {
        memory.storeWord(body(memory.word(at: address)), at: address)
    }

    /// Physical address that an environment's page has.
    public func physical(_ guestAddress: UInt64, slot: Int) -> UInt64 {
        memory.word(at: entry(of: guestAddress, root: nestedRoot(ofSlot: slot))) & 0x000F_FFFF_FFFF_F000
    }

    /// Physical address of a page's owner byte.
    public func ownerByte(ofPageAt address: UInt64) -> UInt64 {
        plan.metadataBase + plan.poolPages * 4 + (address - plan.poolBase) / 4096
    }

    /// Physical address of a page's link.
    public func link(ofPageAt address: UInt64) -> UInt64 {
        plan.metadataBase + (address - plan.poolBase) / 4096 * 4
    }
}

/// A manager's file: two pages of text, two of constants, and as much memory as puts the pool where the simulation has it.
enum SampleManager {
    static let fixed = ManagerFile.FixedMemory(
        controlBlocks: 0x6000, permissionMap: 0x1_6000, msrMap: 0x1_9000)

    static let file: [UInt8] = {
        var file = (0..<0x4000).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 >> 8) }
        file.set(ManagerImageLayout.magicValue, at: ManagerImageLayout.magic)
        let fields: [(Int, UInt32)] = [
            (ManagerImageLayout.fileSize, 0x4000), (ManagerImageLayout.memorySize, 0x4_C000),
            (ManagerImageLayout.textEnd, 0x2000), (ManagerImageLayout.rodataEnd, 0x4000),
            (ManagerImageLayout.entry64, 0x1234), (ManagerImageLayout.stub, 0x2100),
            (ManagerImageLayout.stubSize, 0x100), (ManagerImageLayout.stubParameters, 0x40),
            (ManagerImageLayout.handoff, 0x5000),
        ]
        for (offset, value) in fields { file.set(value, at: offset) }
        return file
    }()
}

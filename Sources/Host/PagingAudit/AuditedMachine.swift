internal import ByteIO
internal import Diagnostics
internal import Installation
internal import ManagerCore
internal import SICEABI

/// A machine's memory with its security manager found in it.
struct AuditedMachine<Memory: PhysicalMemory> {
    let memory: Memory
    let manager: ManagerFile
    let plan: SMRAMPlan
    let handoff: Handoff
    let vmrun: VMRUNMemory

    /// Finds the manager. SMRAM ends where RAM below 4 GiB does; `smramSize` says where it begins, in bytes, else it is
    /// looked for. Throws `memoryUnusable` when there is no place, or more than one: an environment or the host can
    /// write what looks like an SMRAM into memory of its own.
    init(_ memory: Memory, _ manager: ManagerFile, smramSize: UInt64?) throws(ToolError) {
        let sizes = smramSize.map { [$0] } ?? Self.possibleSizes
        let found = sizes.compactMap { Self.place(memory, manager, size: $0) }
        guard let (plan, handoff) = found.first else {
            throw ToolError(.memoryUnusable, "no manager of this build below \(hex(memory.lowEnd))")
        }
        guard found.count == 1 else {
            let places = found.map { "\($0.0.size >> 20) MiB" }.joined(separator: ", ")
            throw ToolError(.memoryUnusable, "several places look like SMRAM; --smram says which: \(places)")
        }
        self.memory = memory
        self.manager = manager
        self.plan = plan
        self.handoff = handoff
        vmrun = VMRUNMemory(plan, manager.fixed)
    }

    private static var possibleSizes: [UInt64] {
        Array(stride(from: SMRAMLayout.minimumSize, through: SMRAMLayout.maximumSize, by: 1 << 20))
    }

    private static func place(
        _ memory: Memory, _ manager: ManagerFile, size: UInt64
    ) -> (SMRAMPlan, Handoff)? {
        guard size < memory.lowEnd, size <= SMRAMLayout.maximumSize else { return nil }
        let base = memory.lowEnd - size
        let image = base + SMRAMLayout.managerOffset
        guard let magic = try? memory.read(8, at: image),
            magic.span.littleEndian(at: 0, as: UInt64.self) == ManagerImageLayout.magicValue,
            let bytes = try? memory.read(HandoffLayout.size, at: image + UInt64(manager.image.handoff))
        else { return nil }
        func word(_ offset: Int) -> UInt64 { bytes.span.littleEndian(at: offset, as: UInt64.self) }
        guard word(HandoffLayout.tsegBase) == base, word(HandoffLayout.tsegSize) == size,
            let handoff = try? Handoff(bytes.span),
            let plan = try? SMRAMPlan(
                base: base, size: size, coreCount: Int(handoff.coreCount), image: manager.image),
            plan.poolBase == handoff.poolBase, plan.poolPages == UInt64(handoff.poolPages),
            plan.metadataBase == word(HandoffLayout.metadataBase),
            plan.tablesBase == word(HandoffLayout.hostMapTables)
        else { return nil }
        return (plan, handoff)
    }

    /// Bytes of SMRAM. Empty where the memory does not have them, which its place excludes.
    func smram(_ count: Int, at address: UInt64) -> [UInt8] { (try? memory.read(count, at: address)) ?? [] }

    /// The pool page that a physical address is in.
    func poolPage(at address: UInt64) -> Int? {
        guard address >= plan.poolBase else { return nil }
        let page = (address - plan.poolBase) / ABI.pageSize
        return page < plan.poolPages ? Int(page) : nil
    }

    /// Physical address of a pool page.
    func address(ofPage page: Int) -> UInt64 { plan.poolBase + UInt64(page) * ABI.pageSize }

    func isInSMRAM(_ address: UInt64) -> Bool { address >= plan.base && address < plan.base + plan.size }
}

/// Pages that VMRUN, VMSAVE and VMLOAD use by physical address.
struct VMRUNMemory {
    static let permissionMapSize: UInt64 = 12288
    static let msrMapSize: UInt64 = 8192

    let controlBlocks: UInt64
    let permissionMap: UInt64
    let msrMap: UInt64
    /// Of each core: host save area of VMRUN, and of VMSAVE. They are mapped nowhere.
    let stateSavePages: Set<UInt64>

    init(_ plan: SMRAMPlan, _ fixed: ManagerFile.FixedMemory) {
        controlBlocks = plan.imageBase + fixed.controlBlocks
        permissionMap = plan.imageBase + fixed.permissionMap
        msrMap = plan.imageBase + fixed.msrMap
        stateSavePages = Set(
            (0..<plan.coreCount).flatMap { core in
                [SMRAMLayout.hsavePage, SMRAMLayout.hostStatePage].map { plan.smbase(ofCore: core) + $0 }
            })
    }

    func controlBlock(ofSlot slot: Int) -> UInt64 { controlBlocks + UInt64(slot) * ABI.pageSize }

    /// Whether the page is one of these.
    func contains(_ page: UInt64) -> Bool {
        func isIn(_ start: UInt64, _ size: UInt64) -> Bool { page >= start && page < start + size }
        return isIn(controlBlocks, UInt64(ABI.maximumEnvironments) * ABI.pageSize)
            || isIn(permissionMap, Self.permissionMapSize) || isIn(msrMap, Self.msrMapSize)
            || stateSavePages.contains(page)
    }
}

func hex(_ number: UInt64) -> String { "0x" + String(number, radix: 16) }

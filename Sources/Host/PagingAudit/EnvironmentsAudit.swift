internal import IsolatedImage
internal import SICEABI

/// All slots, one after the other.
struct EnvironmentsAudit<Memory: PhysicalMemory> {
    let machine: AuditedMachine<Memory>
    let ownership: OwnershipTable
    private(set) var findings = Findings()
    private(set) var found: [FoundEnvironment] = []
    private var mapped: [Int: (slot: Int, address: UInt64)] = [:]

    init(_ machine: AuditedMachine<Memory>, _ ownership: OwnershipTable) {
        self.machine = machine
        self.ownership = ownership
    }

    mutating func judgeAll() {
        var blocks = VMCBAudit(machine)
        for slot in 0..<ABI.maximumEnvironments { judge(slot, &blocks) }
        if found.contains(where: \.canRun) { blocks.judgePermissionMaps() }
        findings.append(blocks.findings)
    }

    private mutating func judge(_ slot: Int, _ blocks: inout VMCBAudit<Memory>) {
        let pages = ownership.lists[UInt8(slot + 1)] ?? []
        let block = blocks.controlBlock(ofSlot: slot)
        guard block != nil || !pages.isEmpty else { return }
        // The first page that an environment takes is for its image's header, the second for its level-4 table.
        let root = pages.count > 1 ? machine.address(ofPage: pages[1]) : nil
        let image = pages.first.flatMap { page in
            AuditedImage(headerPage: machine.smram(ImageLayout.headerSize, at: machine.address(ofPage: page)))
        }
        var next = FoundEnvironment(slot: slot, image: image, pages: pages.count, canRun: block != nil)
        // Without a VMCB nothing uses the tables: it is being loaded, is dead, or is being destroyed.
        if let block {
            if image == nil {
                let address = pages.first.map(machine.address) ?? machine.vmrun.controlBlock(ofSlot: slot)
                findings.add(.imageHeader, .environment(slot: slot), address, "it has a VMCB, and no header")
            }
            blocks.judge(block, slot: slot, kind: image?.kind ?? .bareProgram, root: root)
            if let image, let root {
                let audit = EnvironmentAudit(machine, ownership, slot: slot, image, root: root, &mapped)
                findings.append(audit.findings)
                next.mappings = audit.mappings
            }
        }
        found.append(next)
    }
}

/// An environment as it was found.
struct FoundEnvironment {
    let slot: Int
    let image: AuditedImage?
    /// Pages of the pool that it owns.
    let pages: Int
    /// It has a VMCB.
    let canRun: Bool
    var mappings: [Mapping] = []
}

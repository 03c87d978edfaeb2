public import Diagnostics
internal import IsolatedImage
internal import SICEABI

/// A stopped machine's memory, judged: what the manager maps, what each environment reaches, who owns which page, and what
/// VMRUN uses. It proves nothing of what the machine was a moment before, and needs nobody's word for what it finds.
public struct PagingAudit {
    /// Empty when every rule holds.
    public var findings: [Finding] { found.list }
    /// Findings in all, also those that are not told.
    public var findingCount: Int { found.count }
    public let map: MemoryMapPicture
    private let found: Findings

    /// Judges a memory by the manager that it shall hold. `smramSize` in bytes, nil to look for SMRAM. Throws
    /// `memoryUnusable` when no such manager is found.
    public init<Memory: PhysicalMemory>(
        _ memory: Memory, manager: ManagerFile, smramSize: UInt64? = nil
    ) throws(ToolError) {
        let machine = try AuditedMachine(memory, manager, smramSize: smramSize)
        let managerAudit = ManagerAudit(machine)
        let ownership = OwnershipTable(machine)
        var environments = EnvironmentsAudit(machine, ownership)
        environments.judgeAll()
        var all = Findings()
        for part in [managerAudit.findings, ownership.findings, environments.findings] { all.append(part) }
        found = all
        map = MemoryMapPicture(machine, managerAudit, ownership, environments.found)
    }
}

extension Findings {
    mutating func append(_ other: Findings) {
        for finding in other.list {
            add(
                finding.rule, finding.owner, finding.address, size: finding.size, mappedAt: finding.mappedAt,
                finding.detail)
        }
        add(untold: other.count - other.list.count)
    }
}

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

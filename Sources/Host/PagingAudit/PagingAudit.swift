public import Diagnostics

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

internal import Installation
internal import ManagerCore
internal import SICEABI

/// What lies where in SMRAM, and what environments see of the host's memory: what the pictures are drawn of.
public struct MemoryMapPicture {
    /// A part of SMRAM that is not the pool.
    struct Area {
        let name: String
        let address: UInt64
        let size: UInt64
        /// What the manager may do there; nil where it maps nothing.
        let access: PageAccess?
    }

    /// A run of an environment's pages that lies in the host's memory.
    struct Window {
        let slot: Int
        let mapping: Mapping
    }

    let smram: Range<UInt64>
    let coreCount: Int
    let areas: [Area]
    let poolBase: UInt64
    /// Owner byte of each page of the pool.
    let owners: [UInt8]
    let environments: [FoundEnvironment]
    let windows: [Window]
    /// Runs of addresses that the manager maps.
    let managerMappings: Int

    init<Memory: PhysicalMemory>(
        _ machine: AuditedMachine<Memory>, _ audit: ManagerAudit<Memory>, _ ownership: OwnershipTable,
        _ environments: [FoundEnvironment]
    ) {
        let plan = machine.plan
        smram = plan.base..<plan.base + plan.size
        coreCount = plan.coreCount
        poolBase = plan.poolBase
        owners = ownership.owners
        self.environments = environments
        managerMappings = audit.mappings.count
        windows = environments.flatMap { environment in
            environment.mappings.filter { !machine.isInSMRAM($0.physical) }.map {
                Window(slot: environment.slot, mapping: $0)
            }
        }
        areas = MemoryMapPicture.areas(plan, audit.declared)
    }

    /// Each core's block in one piece; the rest as it is declared, with the tables, which nothing maps, in their place.
    private static func areas(_ plan: SMRAMPlan, _ declared: [DeclaredMapping]) -> [Area] {
        let blocks = (0..<plan.coreCount).map {
            Area(
                name: "core \($0): stub, stacks, state", address: plan.smbase(ofCore: $0),
                size: SMRAMLayout.coreBlockStride, access: nil)
        }
        let tables = Area(
            name: "page tables", address: plan.tableRoot,
            size: plan.metadataBase - plan.tableRoot, access: nil)
        let rest = declared.filter { $0.owner == .manager && $0.name != "pool" }.map {
            Area(
                name: $0.name, address: $0.mapping.physical, size: $0.mapping.size,
                access: $0.mapping.access)
        }
        return (blocks + [tables] + rest).sorted { $0.address < $1.address }
    }

    /// The pool in at most `count` pieces of equal size: each piece's owner; nil where there is more than one.
    func cells(_ count: Int) -> (pages: Int, owners: [AuditOwner?]) {
        let pages = max(1, (owners.count + count - 1) / count)
        let cells = stride(from: 0, to: owners.count, by: pages).map { start -> AuditOwner? in
            let piece = owners[start..<min(start + pages, owners.count)]
            let first = piece[start]
            return piece.allSatisfy { $0 == first } ? AuditOwner(first) : nil
        }
        return (pages, cells)
    }

    /// Pages of an owner.
    func pages(_ owner: UInt8) -> Int { owners.count { $0 == owner } }
}

extension FoundEnvironment {
    /// `signer (program), 43 pages`
    var text: String {
        let what = image.map { "\($0.name) (\($0.kind == .linuxGuest ? "Linux guest" : "program"))" }
        let state = canRun ? "" : ", has no VMCB"
        return "\(what ?? "no header"), \(pages) pages\(state)"
    }
}

/// Sizes as people read them.
func sizeText(_ bytes: UInt64) -> String {
    if bytes >= 1 << 20, bytes % (1 << 20) == 0 { return "\(bytes >> 20) MiB" }
    return "\((bytes + 1023) >> 10) KiB"
}

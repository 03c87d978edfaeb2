internal import Installation
internal import SICEABI

/// What the manager's layout says that it maps: the rule, not what the installer wrote.
struct DeclaredMapping {
    let name: String
    let owner: AuditOwner
    let mapping: Mapping

    /// In ascending order of virtual address.
    static func all(_ plan: SMRAMPlan, _ image: ManagerImage) -> [DeclaredMapping] {
        let blocks = (0..<plan.coreCount).flatMap { block(ofCore: $0, plan) }
        return (blocks + self.image(plan, image) + shared(plan)).sorted {
            $0.mapping.address < $1.mapping.address
        }
    }

    private static func image(_ plan: SMRAMPlan, _ image: ManagerImage) -> [DeclaredMapping] {
        func part(_ name: String, _ start: Int, _ end: Int, _ access: PageAccess) -> DeclaredMapping {
            DeclaredMapping(
                name: name, owner: .manager,
                mapping: Mapping(
                    address: ManagerImageLayout.virtualBase + UInt64(start),
                    physical: plan.imageBase + UInt64(start), size: UInt64(end - start), access: access))
        }
        return [
            part("code", 0, image.textEnd, [.read, .execute]),
            part("constants", image.textEnd, image.rodataEnd, [.read]),
            part("data", image.rodataEnd, image.memorySize, [.read, .write]),
        ]
    }

    private static func block(ofCore core: Int, _ plan: SMRAMPlan) -> [DeclaredMapping] {
        let block = plan.smbase(ofCore: core)
        func direct(_ name: String, _ start: UInt64, _ end: UInt64) -> DeclaredMapping {
            self.direct(name, .core(core), block + start, size: end - start)
        }
        let entry = Mapping(
            address: block + SMRAMLayout.entryPage, physical: block + SMRAMLayout.entryPage,
            size: ABI.pageSize, access: [.read, .execute])
        return [
            DeclaredMapping(name: "entry stub", owner: .core(core), mapping: entry),
            direct("stack", SMRAMLayout.stackBottom, SMRAMLayout.stackTop),
            direct("core data", SMRAMLayout.coreDataPage, SMRAMLayout.coreDataPage + ABI.pageSize),
            direct("fault stack", SMRAMLayout.faultStackBottom, SMRAMLayout.faultStackTop),
            direct("save state", SMRAMLayout.saveStatePage, SMRAMLayout.saveStatePage + ABI.pageSize),
        ]
    }

    private static func shared(_ plan: SMRAMPlan) -> [DeclaredMapping] {
        [
            direct(
                "tables of host mappings", .manager, plan.tablesBase, size: plan.tableRoot - plan.tablesBase),
            direct("ownership table", .manager, plan.metadataBase, size: plan.metadataSize),
            direct("pool", .manager, plan.poolBase, size: plan.poolPages * ABI.pageSize),
        ]
    }

    private static func direct(
        _ name: String, _ owner: AuditOwner, _ physical: UInt64, size: UInt64
    ) -> DeclaredMapping {
        DeclaredMapping(
            name: name, owner: owner,
            mapping: Mapping(
                address: ManagerImageLayout.directMapBase + physical, physical: physical, size: size,
                access: [.read, .write]))
    }
}

internal import Installation
internal import ManagerCore
internal import SICEABI

/// Judges the manager itself: its page tables, its code, and the stubs that switch to them.
struct ManagerAudit<Memory: PhysicalMemory> {
    let machine: AuditedMachine<Memory>
    let declared: [DeclaredMapping]
    private(set) var mappings: [Mapping] = []
    private(set) var findings = Findings()

    init(_ machine: AuditedMachine<Memory>) {
        self.machine = machine
        declared = DeclaredMapping.all(machine.plan, machine.manager.image)
        judgeTables()
        judgeSharedPages()
        judgeCode()
        for core in 0..<machine.plan.coreCount { judgeStub(ofCore: core) }
    }

    private mutating func judgeTables() {
        let plan = machine.plan
        let tables = plan.tablesBase..<plan.tablesBase + SMRAMLayout.tablePages * ABI.pageSize
        let walk = PageTableWalk(root: plan.tableRoot, in: machine.memory, largePages: true) {
            tables.contains($0)
        }
        for (fault, table, address) in walk.faults {
            findings.add(.managerTables, .manager, table, mappedAt: address, fault.text)
        }
        mappings = walk.mappings
        for mapping in mappings { judge(mapping) }
    }

    /// Takes a mapping apart along what is declared.
    private mutating func judge(_ mapping: Mapping) {
        var start = mapping.address
        for declaration in declared where declaration.mapping.end > mapping.address {
            let range = declaration.mapping
            guard range.address < mapping.end else { break }
            if range.address > start { judgeUndeclared(mapping.part(start, range.address)) }
            let end = min(range.end, mapping.end)
            judge(mapping.part(max(start, range.address), end), as: declaration)
            start = end
        }
        if start < mapping.end { judgeUndeclared(mapping.part(start, mapping.end)) }
    }

    private mutating func judge(_ part: Mapping, as declaration: DeclaredMapping) {
        let expected = declaration.mapping
        guard part.physical &- expected.physical == part.address &- expected.address else {
            return add(.undeclaredMapping, declaration.owner, part, "not the \(declaration.name)")
        }
        guard !part.access.isSuperset(of: [.write, .execute]) else {
            return add(.writeXorExecute, declaration.owner, part, "\(declaration.name) \(part.access)")
        }
        guard expected.access.isSuperset(of: part.access) else {
            return add(
                .excessAccess, declaration.owner, part,
                "\(declaration.name) \(part.access), declared \(expected.access)")
        }
    }

    private mutating func judgeUndeclared(_ part: Mapping) {
        let stateSave = machine.vmrun.stateSavePages.first { $0 >= part.physical && $0 < part.physicalEnd }
        if let stateSave {
            let core = Int((stateSave - machine.plan.base) / SMRAMLayout.coreBlockStride)
            return add(.vmrunPage, .core(core), part, "state-save area, mapped \(part.access)")
        }
        guard
            part.address < ManagerImageLayout.hostMapBase
                || machine.isInSMRAM(part.physical)
        else { return judgeHostMapping(part) }
        add(.undeclaredMapping, .manager, part, "mapped \(part.access)")
    }

    /// One page a core, of RAM or of the local APIC, never executable: what a command is looking at.
    private mutating func judgeHostMapping(_ part: Mapping) {
        let core = Int(clamping: (part.address - ManagerImageLayout.hostMapBase) / PageEntry.largeSize)
        let isDevice = part.physical == LocalAPICPage.architecturalAddress
        guard core < machine.plan.coreCount, part.address % PageEntry.largeSize == 0,
            part.size == ABI.pageSize, !part.access.contains(.execute),
            isDevice || machine.handoff.hostMemory.isRAM(from: part.physical, to: part.physicalEnd)
        else {
            return add(.hostMapping, .manager, part, "mapped \(part.access)")
        }
    }

    /// A page that one mapping can write and another one execute.
    private mutating func judgeSharedPages() {
        let writable = PhysicalRanges(mappings.filter { $0.access.isWritableOnly })
        let executable = PhysicalRanges(mappings.filter { $0.access.isExecutableOnly })
        for range in writable.intersection(executable) {
            findings.add(
                .writeXorExecute, .manager, range.lowerBound, size: range.upperBound - range.lowerBound,
                "writable by one mapping, executable by another")
        }
    }

    private mutating func judgeCode() {
        let image = machine.manager.image
        let file = machine.manager.content
        let memory = machine.smram(image.rodataEnd, at: machine.plan.imageBase)
        for page in stride(from: 0, to: image.rodataEnd, by: Int(ABI.pageSize)) {
            let bytes = page..<page + Int(ABI.pageSize)
            guard memory.count != image.rodataEnd || memory[bytes] != file[bytes] else { continue }
            findings.add(
                .managerCode, .manager, machine.plan.imageBase + UInt64(page),
                mappedAt: ManagerImageLayout.virtualBase + UInt64(page),
                page < image.textEnd ? "code differs" : "constants differ")
        }
    }

    private mutating func judgeStub(ofCore core: Int) {
        let place = machine.plan.smbase(ofCore: core) + SMRAMLayout.entryPage
        let found = machine.smram(Int(ABI.pageSize), at: place)
        let expected = expectedStub(ofCore: core)
        guard found != expected else { return }
        let offset = zip(found, expected).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? 0
        findings.add(.entryStub, .core(core), place, mappedAt: place, "differs from byte \(offset) on")
    }

    /// What the installer writes, made anew: its parameters name CR3, EFER and this core's stack.
    private func expectedStub(ofCore core: Int) -> [UInt8] {
        let (image, plan) = (machine.manager.image, machine.plan)
        let stub = machine.manager.content.span.extracting(image.stub..<image.stub + image.stubSize)
        var page = PageRecorder()
        SMRAMInstaller.installStub(stub, image, core: core, root: plan.tableRoot, plan: plan, into: &page)
        return page.bytes
    }

    private mutating func add(_ rule: AuditRule, _ owner: AuditOwner, _ part: Mapping, _ detail: String) {
        findings.add(rule, owner, part.physical, size: part.size, mappedAt: part.address, detail)
    }
}

extension PageTableWalk.Fault {
    /// In a few words.
    var text: String {
        switch self {
        case .misplaced: "a table lies where none may"
        case .repeated: "a table is reached twice, or from itself"
        case .large: "a large page where none may be"
        case .endless: "more mappings than there can be"
        }
    }
}

extension PageAccess {
    fileprivate var isWritableOnly: Bool { contains(.write) && !contains(.execute) }
    fileprivate var isExecutableOnly: Bool { contains(.execute) && !contains(.write) }
}

/// Takes what the installer would write into one page.
private struct PageRecorder: SMRAMMemory {
    var bytes: [UInt8] = []

    mutating func store(_ bytes: Span<UInt8>, at address: UInt64) {
        self.bytes = (0..<bytes.count).map { bytes[$0] }
    }
    mutating func clear(from address: UInt64, count: UInt64) {}
    mutating func storeWord(_ value: UInt64, at address: UInt64) {}
    func word(at address: UInt64) -> UInt64 { 0 }
}

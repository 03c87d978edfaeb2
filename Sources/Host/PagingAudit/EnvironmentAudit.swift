internal import IsolatedImage
internal import ManagerCore
internal import SICEABI

/// Judges what one environment reaches: its nested page tables against the ownership table and its image's header.
struct EnvironmentAudit<Memory: PhysicalMemory> {
    let machine: AuditedMachine<Memory>
    let ownership: OwnershipTable
    let slot: Int
    let image: AuditedImage
    private(set) var mappings: [Mapping] = []
    private(set) var findings = Findings()
    /// Host-physical address of each window's first page, by the first page that is mapped.
    private var windowBases: [Int: UInt64] = [:]

    private var owner: AuditOwner { .environment(slot: slot) }
    private var ownerByte: UInt8 { UInt8(slot + 1) }

    /// `root` is the level-4 table; `mapped` knows the pages that were met before, and learns this environment's.
    init(
        _ machine: AuditedMachine<Memory>, _ ownership: OwnershipTable, slot: Int, _ image: AuditedImage,
        root: UInt64, _ mapped: inout [Int: (slot: Int, address: UInt64)]
    ) {
        self.machine = machine
        self.ownership = ownership
        self.slot = slot
        self.image = image
        // The manager makes no large pages here, so that each page is looked at, and their number is bounded.
        let walk = PageTableWalk(root: root, in: machine.memory, largePages: false) {
            machine.poolPage(at: $0) != nil
        }
        for (fault, table, address) in walk.faults {
            findings.add(.nestedTables, owner, table, mappedAt: address, fault.text)
        }
        mappings = walk.mappings
        for table in walk.tables.sorted() { judgeOwner(of: table, mappedAt: nil, "as a table") }
        for mapping in mappings { judge(mapping, walk.tables, &mapped) }
    }

    private mutating func judge(
        _ mapping: Mapping, _ tables: Set<UInt64>, _ mapped: inout [Int: (slot: Int, address: UInt64)]
    ) {
        for offset in stride(from: 0, to: mapping.size, by: Int(ABI.pageSize)) {
            let page = mapping.part(mapping.address + offset, mapping.address + offset + ABI.pageSize)
            judge(page: page, &mapped)
            if tables.contains(page.physical) {
                add(.nestedTables, page, "a nested page table is mapped for the guest")
            }
        }
    }

    private mutating func judge(page: Mapping, _ mapped: inout [Int: (slot: Int, address: UInt64)]) {
        guard let place = image.place(of: page.address) else {
            return judgeUndeclared(page)
        }
        let allowed = image.access(place)
        if !allowed.isSuperset(of: page.access) {
            add(.undeclaredGuestMemory, page, "mapped \(page.access), declared \(allowed)")
        }
        switch place {
        case .region:
            guard machine.poolPage(at: page.physical) != nil else { return judgeUndeclared(page) }
            judgeOwner(of: page.physical, mappedAt: page.address, "as its memory")
            judgeAlias(page, &mapped)
        case .window(let index, let window): judge(page, inWindow: index, window)
        }
    }

    /// All of a window is one range of the host's RAM.
    private mutating func judge(_ page: Mapping, inWindow index: Int, _ window: ImageRegion) {
        guard machine.handoff.hostMemory.isRAM(from: page.physical, to: page.physicalEnd),
            !machine.isInSMRAM(page.physical)
        else { return judgeUndeclared(page) }
        let base = page.physical &- (page.address &- window.address)
        if windowBases[index, default: base] != base {
            add(.undeclaredHostMemory, page, "not in one piece with window \(index)")
        }
        windowBases[index] = windowBases[index] ?? base
    }

    /// It is no page of the environment's, wherever it leads.
    private mutating func judgeUndeclared(_ page: Mapping) {
        if machine.vmrun.contains(page.physical) {
            add(.vmrunPage, page, "mapped for the guest")
        } else if machine.poolPage(at: page.physical) != nil {
            let isOwn = judgeOwner(of: page.physical, mappedAt: page.address, "outside of its image")
            if isOwn { add(.undeclaredGuestMemory, page, "its own page, where its image declares nothing") }
        } else if machine.isInSMRAM(page.physical) {
            add(.managerMemory, page, "mapped for the guest")
        } else {
            add(.undeclaredHostMemory, page, "outside of its windows")
        }
    }

    @discardableResult
    private mutating func judgeOwner(of address: UInt64, mappedAt: UInt64?, _ use: String) -> Bool {
        guard let page = machine.poolPage(at: address), page < ownership.owners.count else { return false }
        let found = ownership.owners[page]
        guard found != ownerByte else { return true }
        let whose = AuditOwner(found)?.description ?? "nobody"
        findings.add(.pageOwner, owner, address, mappedAt: mappedAt, "a page of \(whose), \(use)")
        return false
    }

    private mutating func judgeAlias(_ page: Mapping, _ mapped: inout [Int: (slot: Int, address: UInt64)]) {
        guard let number = machine.poolPage(at: page.physical) else { return }
        if let other = mapped[number] {
            add(.pageAlias, page, "mapped by slot \(other.slot) at \(hex(other.address)), too")
        }
        mapped[number] = mapped[number] ?? (slot, page.address)
    }

    private mutating func add(_ rule: AuditRule, _ page: Mapping, _ detail: String) {
        findings.add(rule, owner, page.physical, mappedAt: page.address, detail)
    }
}

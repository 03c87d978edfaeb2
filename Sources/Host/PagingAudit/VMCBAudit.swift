internal import ByteIO
internal import GuestPolicy
internal import SICEABI
internal import SVM

/// Judges what VMRUN reads: the VMCB of a slot, and the permission maps, against what the manager's own code writes.
struct VMCBAudit<Memory: PhysicalMemory> {
    let machine: AuditedMachine<Memory>
    private(set) var findings = Findings()

    init(_ machine: AuditedMachine<Memory>) { self.machine = machine }

    /// The VMCB of a slot; nil when it is all zero, so that VMRUN refuses it (APM volume 2, §15.5.1).
    func controlBlock(ofSlot slot: Int) -> [UInt8]? {
        let block = machine.smram(VMCB.size, at: machine.vmrun.controlBlock(ofSlot: slot))
        return block.contains { $0 != 0 } ? block : nil
    }

    /// `root` is the environment's own level-4 nested table; nil when it has none.
    mutating func judge(_ block: [UInt8], slot: Int, kind: ImageKind, root: UInt64?) {
        let expected = expectedBlock(slot: slot, kind: kind, root: root ?? 0)
        let owner = AuditOwner.environment(slot: slot)
        let address = machine.vmrun.controlBlock(ofSlot: slot)
        for field in Self.interceptFields {
            let missing = word(expected, field.offset) & ~word(block, field.offset)
            guard missing != 0 else { continue }
            findings.add(.intercepts, owner, address, "\(field.name) lacks \(hex(UInt64(missing)))")
        }
        if word(block, VMCB.nestedPaging) & 1 == 0 {
            findings.add(.nestedRoot, owner, address, "nested paging is off")
        }
        let nested = block.span.littleEndian(at: VMCB.nestedCR3, as: UInt64.self)
        if nested != root {
            findings.add(
                .nestedRoot, owner, address,
                "nested CR3 \(hex(nested)), its own is \(root.map(hex) ?? "none")")
        }
        let asid = word(block, VMCB.asid)
        if asid != word(expected, VMCB.asid) {
            findings.add(.asid, owner, address, "ASID \(asid), the slot's is \(slot + 1)")
        }
        for (name, offset) in [("IOPM", VMCB.iopm), ("MSRPM", VMCB.msrpm)] {
            let found = block.span.littleEndian(at: offset, as: UInt64.self)
            let own = expected.span.littleEndian(at: offset, as: UInt64.self)
            guard found != own else { continue }
            findings.add(
                .permissionMap, owner, address, "\(name) \(hex(found)), the manager's is \(hex(own))")
        }
    }

    /// The maps themselves, once an environment runs by them.
    mutating func judgePermissionMaps() {
        compare(
            "I/O permission map", [UInt8](repeating: 0xFF, count: Int(VMRUNMemory.permissionMapSize)),
            at: machine.vmrun.permissionMap)
        var map = [UInt8](repeating: 0, count: MSRPermissionMap.size)
        var span = map.mutableSpan
        MSRPermissionMap.store(into: &span)
        compare("MSR permission map of Linux guests", map, at: machine.vmrun.msrMap)
    }

    /// Each page once, with the first byte that lets something through.
    private mutating func compare(_ name: String, _ expected: [UInt8], at address: UInt64) {
        let found = machine.smram(expected.count, at: address)
        guard found.count == expected.count else { return }
        for page in stride(from: 0, to: expected.count, by: Int(ABI.pageSize)) {
            let open = (page..<page + Int(ABI.pageSize)).first { expected[$0] & ~found[$0] != 0 }
            guard let open else { continue }
            findings.add(
                .permissionMap, .manager, address + UInt64(page),
                "\(name), byte \(open): \(hex(UInt64(found[open]))) for \(hex(UInt64(expected[open])))")
        }
    }

    private func expectedBlock(slot: Int, kind: ImageKind, root: UInt64) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: VMCB.size)
        var fields = block.mutableSpan
        GuestStart(
            entry: 0, stackPointer: 0, pageTableRoot: 0, nestedRoot: root,
            permissionMap: machine.vmrun.permissionMap, asid: UInt32(slot + 1)
        ).store(into: &fields)
        if kind == .linuxGuest { LinuxGuestStart.store(msrMap: machine.vmrun.msrMap, into: &fields) }
        return block
    }

    /// V_INTR_MASKING is one as well: without it the guest could hold off the host's interrupts.
    private static var interceptFields: [(name: String, offset: Int)] {
        [
            ("control registers", VMCB.controlRegisterIntercepts),
            ("debug registers", VMCB.debugRegisterIntercepts), ("exceptions", VMCB.exceptionIntercepts),
            ("events", VMCB.eventIntercepts), ("instructions", VMCB.instructionIntercepts),
            ("interrupt control", VMCB.interruptControl),
        ]
    }

    private func word(_ block: [UInt8], _ offset: Int) -> UInt32 {
        block.span.littleEndian(at: offset, as: UInt32.self)
    }
}

import ByteIO

/// Where and how a bare program starts.
public struct GuestStart: Sendable {
    /// Guest-virtual address of the first instruction, initial RSP, initial CR3.
    public var entry: UInt64
    public var stackPointer: UInt64
    public var pageTableRoot: UInt64
    /// Physical address of the level-4 nested page table.
    public var nestedRoot: UInt64
    /// Physical address of 12 KiB of ones: the guest may touch no port and no MSR.
    public var permissionMap: UInt64
    /// Address-space identifier, not 0 (that is the host's).
    public var asid: UInt32

    public init(
        entry: UInt64, stackPointer: UInt64, pageTableRoot: UInt64, nestedRoot: UInt64, permissionMap: UInt64,
        asid: UInt32
    ) {
        self.entry = entry
        self.stackPointer = stackPointer
        self.pageTableRoot = pageTableRoot
        self.nestedRoot = nestedRoot
        self.permissionMap = permissionMap
        self.asid = asid
    }

    /// Writes a VMCB (``VMCB/size`` zeroed bytes) for a bare program in 64-bit mode.
    public func store(into block: inout MutableSpan<UInt8>) {
        storeControl(into: &block)
        storeSegments(into: &block)
        storeRegisters(into: &block)
    }

    private func storeControl(into block: inout MutableSpan<UInt8>) {
        block.storeLittleEndian(Intercepts.controlRegisters, at: VMCB.controlRegisterIntercepts)
        block.storeLittleEndian(Intercepts.debugRegisters, at: VMCB.debugRegisterIntercepts)
        block.storeLittleEndian(Intercepts.exceptions, at: VMCB.exceptionIntercepts)
        block.storeLittleEndian(Intercepts.events, at: VMCB.eventIntercepts)
        block.storeLittleEndian(Intercepts.instructions, at: VMCB.instructionIntercepts)
        block.storeLittleEndian(permissionMap, at: VMCB.iopm)
        block.storeLittleEndian(permissionMap, at: VMCB.msrpm)
        block.storeLittleEndian(asid, at: VMCB.asid)
        block.storeLittleEndian(Intercepts.interruptControl, at: VMCB.interruptControl)
        block.storeLittleEndian(UInt64(1), at: VMCB.nestedPaging)
        block.storeLittleEndian(nestedRoot, at: VMCB.nestedCR3)
    }

    private func storeSegments(into block: inout MutableSpan<UInt8>) {
        Self.segment(VMCB.cs, 0x08, 0xA9B, 0xFFFF_FFFF, &block)  // 64-bit code, ring 0
        Self.segment(VMCB.es, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(VMCB.ss, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(VMCB.ds, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(VMCB.fs, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(VMCB.gs, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(VMCB.gdtr, 0, 0, 0, &block)
        Self.segment(VMCB.idtr, 0, 0, 0, &block)
        Self.segment(VMCB.ldtr, 0, 0x82, 0, &block)
        Self.segment(VMCB.tr, 0, 0x8B, 0, &block)
    }

    static func segment(
        _ offset: Int, _ selector: UInt16, _ attributes: UInt16, _ limit: UInt32,
        _ block: inout MutableSpan<UInt8>
    ) {
        block.storeLittleEndian(selector, at: offset)
        block.storeLittleEndian(attributes, at: offset + 2)
        block.storeLittleEndian(limit, at: offset + 4)
        block.storeLittleEndian(UInt64(0), at: offset + 8)
    }

    private func storeRegisters(into block: inout MutableSpan<UInt8>) {
        // SVME must be set in a guest's EFER; LME, LMA, NXE.
        block.storeLittleEndian(UInt64(0x1D00), at: VMCB.efer)
        // PG, WP, NE, ET, MP, PE; PAE, OSFXSR, OSXMMEXCPT.
        block.storeLittleEndian(UInt64(0x8001_0033), at: VMCB.cr0)
        block.storeLittleEndian(UInt64(0x0620), at: VMCB.cr4)
        block.storeLittleEndian(pageTableRoot, at: VMCB.cr3)
        block.storeLittleEndian(UInt64(0x400), at: VMCB.dr7)
        block.storeLittleEndian(UInt64(0xFFFF_0FF0), at: VMCB.dr6)
        block.storeLittleEndian(UInt64(2), at: VMCB.rflags)
        block.storeLittleEndian(entry, at: VMCB.rip)
        block.storeLittleEndian(stackPointer, at: VMCB.rsp)
        block.storeLittleEndian(UInt64(0x0007_0406_0007_0406), at: VMCB.pat)
    }
}

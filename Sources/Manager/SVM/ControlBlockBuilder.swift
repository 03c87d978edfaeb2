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
    public var addressSpace: UInt32

    public init(
        entry: UInt64, stackPointer: UInt64, pageTableRoot: UInt64, nestedRoot: UInt64, permissionMap: UInt64,
        addressSpace: UInt32
    ) {
        self.entry = entry
        self.stackPointer = stackPointer
        self.pageTableRoot = pageTableRoot
        self.nestedRoot = nestedRoot
        self.permissionMap = permissionMap
        self.addressSpace = addressSpace
    }

    /// Writes a control block (``ControlBlock/size`` zeroed bytes) for a bare program in 64-bit mode.
    public func store(into block: inout MutableSpan<UInt8>) {
        storeControl(into: &block)
        storeSegments(into: &block)
        storeRegisters(into: &block)
    }

    private func storeControl(into block: inout MutableSpan<UInt8>) {
        block.storeLittleEndian(Intercepts.controlRegisters, at: ControlBlock.controlRegisterIntercepts)
        block.storeLittleEndian(Intercepts.debugRegisters, at: ControlBlock.debugRegisterIntercepts)
        block.storeLittleEndian(Intercepts.exceptions, at: ControlBlock.exceptionIntercepts)
        block.storeLittleEndian(Intercepts.events, at: ControlBlock.eventIntercepts)
        block.storeLittleEndian(Intercepts.instructions, at: ControlBlock.instructionIntercepts)
        block.storeLittleEndian(permissionMap, at: ControlBlock.portMap)
        block.storeLittleEndian(permissionMap, at: ControlBlock.msrMap)
        block.storeLittleEndian(addressSpace, at: ControlBlock.addressSpace)
        block.storeLittleEndian(Intercepts.interruptControl, at: ControlBlock.interruptControl)
        block.storeLittleEndian(UInt64(1), at: ControlBlock.nestedPaging)
        block.storeLittleEndian(nestedRoot, at: ControlBlock.nestedRoot)
    }

    private func storeSegments(into block: inout MutableSpan<UInt8>) {
        Self.segment(ControlBlock.codeSegment, 0x08, 0xA9B, 0xFFFF_FFFF, &block)  // 64-bit code, ring 0
        Self.segment(ControlBlock.dataSegmentES, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(ControlBlock.stackSegment, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(ControlBlock.dataSegmentDS, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(ControlBlock.dataSegmentFS, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(ControlBlock.dataSegmentGS, 0x10, 0xC93, 0xFFFF_FFFF, &block)
        Self.segment(ControlBlock.globalTable, 0, 0, 0, &block)
        Self.segment(ControlBlock.interruptTable, 0, 0, 0, &block)
        Self.segment(ControlBlock.localTable, 0, 0x82, 0, &block)
        Self.segment(ControlBlock.taskState, 0, 0x8B, 0, &block)
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
        block.storeLittleEndian(UInt64(0x1D00), at: ControlBlock.features)
        // PG, WP, NE, ET, MP, PE; PAE, OSFXSR, OSXMMEXCPT.
        block.storeLittleEndian(UInt64(0x8001_0033), at: ControlBlock.cr0)
        block.storeLittleEndian(UInt64(0x0620), at: ControlBlock.cr4)
        block.storeLittleEndian(pageTableRoot, at: ControlBlock.cr3)
        block.storeLittleEndian(UInt64(0x400), at: ControlBlock.dr7)
        block.storeLittleEndian(UInt64(0xFFFF_0FF0), at: ControlBlock.dr6)
        block.storeLittleEndian(UInt64(2), at: ControlBlock.flags)
        block.storeLittleEndian(entry, at: ControlBlock.instructionPointer)
        block.storeLittleEndian(stackPointer, at: ControlBlock.stackPointer)
        block.storeLittleEndian(UInt64(0x0007_0406_0007_0406), at: ControlBlock.pageAttributes)
    }
}

import ByteIO
import SICEABI

extension SMRAMInstaller {
    /// Copies the entry stub to a core's entry page and fills in its parameters.
    package static func installStub<Memory: SMRAMMemory & ~Copyable>(
        _ stub: Span<UInt8>, _ image: ManagerImage, core: Int, root: UInt64, plan: SMRAMPlan,
        into memory: inout Memory
    ) {
        let block = plan.smbase(ofCore: core)
        let entryPage = block + SMRAMLayout.entryPage
        var page = InlineArray<4096, UInt8>(repeating: 0)
        for index in 0..<stub.count { page[index] = stub[index] }
        let parameters = image.stubParameters
        // These two hold offsets into the stub; their users want physical addresses.
        let pointer = stub.littleEndian(
            at: parameters + StubParametersLayout.tablePointerBase, as: UInt32.self)
        let target = stub.littleEndian(at: parameters + StubParametersLayout.longModeTarget, as: UInt32.self)
        let stackTop = ManagerImageLayout.directMapBase + block + SMRAMLayout.stackTop
        let entry = ManagerImageLayout.virtualBase + UInt64(image.entry)
        var fields = page.mutableSpan
        fields.storeLittleEndian(entry, at: parameters + StubParametersLayout.entry64)
        fields.storeLittleEndian(stackTop, at: parameters + StubParametersLayout.stackTop)
        fields.storeLittleEndian(low(root), at: parameters + StubParametersLayout.pageTableRoot)
        fields.storeLittleEndian(managerEFER, at: parameters + StubParametersLayout.efer)
        fields.storeLittleEndian(UInt32(core), at: parameters + StubParametersLayout.core)
        fields.storeLittleEndian(low(plan.base), at: parameters + StubParametersLayout.smramBase)
        fields.storeLittleEndian(low(plan.size), at: parameters + StubParametersLayout.smramSize)
        fields.storeLittleEndian(low(block), at: parameters + StubParametersLayout.blockAddress)
        fields.storeLittleEndian(
            low(entryPage) &+ pointer, at: parameters + StubParametersLayout.tablePointerBase)
        fields.storeLittleEndian(
            low(entryPage) &+ target, at: parameters + StubParametersLayout.longModeTarget)
        memory.store(fields.span, at: entryPage)
    }

    /// Writes a core's descriptor table, task state and identity (``CoreDataLayout``).
    static func installCoreData<Memory: SMRAMMemory & ~Copyable>(
        core: Int, plan: SMRAMPlan, into memory: inout Memory
    ) {
        let block = plan.smbase(ofCore: core)
        let data = ManagerImageLayout.directMapBase + block + SMRAMLayout.coreDataPage
        let faultStack = ManagerImageLayout.directMapBase + block + SMRAMLayout.faultStackTop
        let task = data + UInt64(CoreDataLayout.taskState)
        var bytes = InlineArray<1024, UInt8>(repeating: 0)
        var fields = bytes.mutableSpan
        fields.storeLittleEndian(UInt16(5 * 8 - 1), at: CoreDataLayout.tablePointer)
        fields.storeLittleEndian(
            data + UInt64(CoreDataLayout.descriptorTable), at: CoreDataLayout.tablePointer + 2)
        fields.storeLittleEndian(codeDescriptor, at: CoreDataLayout.descriptorTable + 8)
        fields.storeLittleEndian(dataDescriptor, at: CoreDataLayout.descriptorTable + 16)
        fields.storeLittleEndian(
            taskDescriptor(base: task), at: CoreDataLayout.descriptorTable + 24)
        fields.storeLittleEndian(task >> 32, at: CoreDataLayout.descriptorTable + 32)
        // Interrupt stack 1 (APM volume 2, §12.2.5): every fault gets the fault stack, also a stack overflow.
        fields.storeLittleEndian(faultStack, at: CoreDataLayout.taskState + 36)
        fields.storeLittleEndian(UInt16(taskStateSize), at: CoreDataLayout.taskState + 102)
        fields.storeLittleEndian(block, at: CoreDataLayout.blockAddress)
        fields.storeLittleEndian(UInt32(core), at: CoreDataLayout.core)
        memory.store(fields.span, at: block + SMRAMLayout.coreDataPage)
    }

    /// EFER of the manager: SCE off, LME, NXE (no execution of data), SVME (guests).
    private static let managerEFER: UInt32 = 1 << 8 | 1 << 11 | 1 << 12
    /// 64-bit ring-0 code and flat data, accessed (APM volume 2, §4.8).
    private static let codeDescriptor: UInt64 = 0x00AF_9B00_0000_FFFF
    private static let dataDescriptor: UInt64 = 0x00CF_9300_0000_FFFF
    private static let taskStateSize: UInt64 = 104

    /// Low half of an available 64-bit task-state descriptor.
    private static func taskDescriptor(base: UInt64) -> UInt64 {
        (taskStateSize - 1) | (base & 0xFF_FFFF) << 16 | 0x89 << 40 | (base >> 24 & 0xFF) << 56
    }

    /// The low half of an address; SMRAM lies below 4 GiB (``SMRAMPlan``).
    private static func low(_ address: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: address) }
}

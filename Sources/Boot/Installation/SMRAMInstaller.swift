public import SICEABI

/// Puts the security manager into SMRAM while it is still open: image, page tables, core blocks, handoff.
public enum SMRAMInstaller {
    /// Installs the manager in cleared SMRAM. `file` is the `sice/manager` file that `image` describes.
    ///
    /// Afterwards SMBASE of each core may be set to ``SMRAMPlan/smbase(ofCore:)``. Throws `bootBadManagerImage`
    /// when `file` is not the file of `image`, `bootNoTSEG` when the page tables have no room or when what was
    /// cleared is not the plan's SMRAM.
    public static func install<Memory: SMRAMMemory & ~Copyable>(
        _ file: Span<UInt8>, _ image: ManagerImage, plan: SMRAMPlan, handoff: borrowing ManagerHandoff,
        into cleared: consuming ClearedSMRAM, _ memory: inout Memory
    ) throws(ErrorCode) {
        guard file.count == image.fileSize else { throw .bootBadManagerImage }
        guard cleared.base == plan.base, cleared.size == plan.size else { throw .bootNoTSEG }
        memory.store(file, at: plan.imageBase)
        handoff.store(at: plan.imageBase + UInt64(image.handoff), plan: plan, into: &memory)
        let root = try buildTables(image, plan: plan, in: &memory)
        let stub = file.extracting(image.stub..<(image.stub + image.stubSize))
        for core in 0..<plan.coreCount {
            installStub(stub, image, core: core, root: root, plan: plan, into: &memory)
            installCoreData(core: core, plan: plan, into: &memory)
        }
    }

    /// Builds the manager's page tables (invariant I2) and returns their root.
    private static func buildTables<Memory: SMRAMMemory & ~Copyable>(
        _ image: ManagerImage, plan: SMRAMPlan, in memory: inout Memory
    ) throws(ErrorCode) -> UInt64 {
        let hostTables = plan.tableRoot - plan.tablesBase
        var tables = PageTableBuilder(
            from: plan.tableRoot, to: plan.tablesBase + SMRAMLayout.tablePages * ABI.pageSize)
        try mapImage(image, plan: plan, &tables, in: &memory)
        for core in 0..<plan.coreCount { try mapBlock(of: core, plan: plan, &tables, in: &memory) }
        // The manager maps host memory by writing these; it can write no other table of its own.
        try mapDirect(plan.tablesBase, hostTables, &tables, in: &memory)
        try mapDirect(plan.metadataBase, plan.metadataSize, &tables, in: &memory)
        try mapDirect(plan.poolBase, plan.poolPages * ABI.pageSize, &tables, in: &memory)
        for core in 0..<UInt64(plan.coreCount) {
            try tables.attach(
                table: plan.tablesBase + core * ABI.pageSize,
                at: ManagerImageLayout.hostMapBase + core * PageEntry.largeSize, in: &memory)
        }
        return tables.root
    }

    private static func mapImage<Memory: SMRAMMemory & ~Copyable>(
        _ image: ManagerImage, plan: SMRAMPlan, _ tables: inout PageTableBuilder, in memory: inout Memory
    ) throws(ErrorCode) {
        let virtual = ManagerImageLayout.virtualBase
        let textEnd = UInt64(image.textEnd)
        let rodataEnd = UInt64(image.rodataEnd)
        try tables.map(virtual, to: plan.imageBase, size: textEnd, .readExecute, in: &memory)
        try tables.map(
            virtual + textEnd, to: plan.imageBase + textEnd, size: rodataEnd - textEnd, .readOnly, in: &memory
        )
        try tables.map(
            virtual + rodataEnd, to: plan.imageBase + rodataEnd, size: UInt64(image.memorySize) - rodataEnd,
            .readWrite, in: &memory)
    }

    /// Maps the parts of a core's block that the manager touches. The pages between them stay unmapped: guards
    /// below both stacks, and the pages that only VMSAVE and VMRUN reach, by physical address.
    private static func mapBlock<Memory: SMRAMMemory & ~Copyable>(
        of core: Int, plan: SMRAMPlan, _ tables: inout PageTableBuilder, in memory: inout Memory
    ) throws(ErrorCode) {
        let block = plan.smbase(ofCore: core)
        let page = ABI.pageSize
        // The stub switches to long mode while it runs at its physical address.
        let entry = block + SMRAMLayout.entryPage
        try tables.map(entry, to: entry, size: page, .readExecute, in: &memory)
        try mapDirect(
            block + SMRAMLayout.stackBottom, SMRAMLayout.stackTop - SMRAMLayout.stackBottom, &tables,
            in: &memory)
        try mapDirect(block + SMRAMLayout.coreDataPage, page, &tables, in: &memory)
        try mapDirect(
            block + SMRAMLayout.faultStackBottom,
            SMRAMLayout.faultStackTop - SMRAMLayout.faultStackBottom, &tables, in: &memory)
        try mapDirect(block + SMRAMLayout.saveStatePage, page, &tables, in: &memory)
    }

    private static func mapDirect<Memory: SMRAMMemory & ~Copyable>(
        _ physical: UInt64, _ size: UInt64, _ tables: inout PageTableBuilder, in memory: inout Memory
    ) throws(ErrorCode) {
        try tables.map(
            ManagerImageLayout.directMapBase + physical, to: physical, size: size, .readWrite, in: &memory)
    }
}

internal import Firmware
internal import FirmwareTables
internal import SICEABI

extension Boot {
    /// Tells the operating system what it must not use and where the communication area is.
    mutating func publish() throws(ErrorCode) {
        clearMemory(at: block.communicationBase, count: CommunicationArea.size)
        var bytes = unsafe PhysicalMemory.writable(at: block.table, count: CommunicationArea.tableSize)
        try CommunicationTable.write(
            base: block.communicationBase, size: CommunicationArea.size, into: &bytes)
        try insertTable()
        try table.publish(memory, moved: moved, in: block)
        console.line("communication area", mebibytes: CommunicationArea.size, at: block.communicationBase)
    }

    /// Adds our table under the root that coreboot names, and under every other one that an operating system may
    /// find: coreboot makes a second root where QEMU's tables have none with 64-bit addresses.
    private mutating func insertTable() throws(ErrorCode) {
        var window = TableWindow()
        let end = block.rootTables + block.rootTablesSize
        var free = try acpi.insert(
            table: block.table, newMemoryAt: block.rootTables, size: block.rootTablesSize, &window)
        var search = ACPIRoot.searchRange
        while var root = ACPIRoot.first(in: search, window) {
            if root.pointer != acpi.pointer {
                free = try root.insert(table: block.table, newMemoryAt: free, size: end - free, &window)
            }
            search = (root.pointer + 16)..<search.upperBound
        }
    }
}

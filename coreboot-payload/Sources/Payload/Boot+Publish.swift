internal import ACPITables
internal import Firmware
internal import SICEABI

extension Boot {
    /// Tells the operating system what it must not use and where the communication area is.
    mutating func publish() throws(ErrorCode) {
        clearMemory(at: block.communicationBase, count: CommunicationArea.size)
        var bytes = unsafe PhysicalMemory.writable(at: block.table, count: CommunicationArea.tableSize)
        try CommunicationTable.write(
            base: block.communicationBase, size: CommunicationArea.size, into: &bytes)
        var window = TableWindow()
        try acpi.insert(
            table: block.table, newMemoryAt: block.rootTables, size: block.rootTablesSize, &window)
        try table.publish(memory, in: block)
        console.line("communication area", mebibytes: CommunicationArea.size, at: block.communicationBase)
    }
}

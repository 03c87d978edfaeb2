internal import CorebootFormats
internal import Firmware
internal import SICEABI

/// The coreboot table that we were started with.
struct FirmwareTable {
    let parsed: CorebootTable
    /// Where it is.
    let address: UInt64
    private let size: Int

    /// Follows forward records, copies the table and parses the copy. Throws `bootNoCorebootTable`.
    init(at address: UInt64) throws(ErrorCode) {
        var position = address
        // The table at 0x500 forwards once; more than that is a loop.
        for _ in 0..<3 {
            guard position >= 0x400, position < 1 << 32 else { throw .bootNoCorebootTable }
            let header = unsafe PhysicalMemory.readable(at: position, count: CorebootTable.headerSize)
            let size = try CorebootTable.totalSize(header: header)
            guard UInt64(size) <= WorkMemory.table.size else { throw .bootNoCorebootTable }
            copyMemory(from: position, to: WorkMemory.table.base, count: UInt64(size))
            let table = try CorebootTable(Self.copy(size))
            guard let forward = table.forward else {
                parsed = table
                self.size = size
                self.address = position
                return
            }
            position = forward
        }
        throw .bootNoCorebootTable
    }

    /// Writes the table again, with another memory map and with pointers to what moved, and makes the anchor in low memory point to it.
    func publish(
        _ memory: borrowing MemoryMap, moved: borrowing MovedAreas, in block: ReservedBlock
    ) throws(ErrorCode) {
        let output = unsafe PhysicalMemory.writable(
            at: block.corebootTable, count: Int(block.corebootTableSize))
        _ = try CorebootTable.rewrite(Self.copy(size), memory: memory, moved: moved, into: output)
        let anchor = unsafe PhysicalMemory.writable(at: LowMemory.tableAnchor, count: 64)
        _ = try CorebootTable.writeForward(to: block.corebootTable, into: anchor)
    }

    @_lifetime(immortal)
    private static func copy(_ size: Int) -> Span<UInt8> {
        unsafe PhysicalMemory.readable(at: WorkMemory.table.base, count: size)
    }
}

public import SICEABI

extension ACPIRoot {
    /// Adds a table: copies the root tables into new memory with one entry more, and points the RSDP at them.
    /// The old ones stay untouched, since there may be no room behind them.
    ///
    /// - Parameters:
    ///   - table: address of the finished table; below 4 GiB, as RSDT entries have 32 bits.
    ///   - start: new memory for the root tables.
    ///   - size: its size in bytes.
    /// - Returns: The first free address behind the new root tables.
    /// - Throws: `bootNoACPI` when a root table is broken, there is no room, or the RSDP cannot be written.
    @discardableResult
    public mutating func insert(
        table: UInt64, newMemoryAt start: UInt64, size: UInt64,
        _ memory: inout some ACPIMemory & ~Copyable
    ) throws(ErrorCode) -> UInt64 {
        var next = start
        if rsdt != 0 {
            rsdt = try copy(rsdt, width: 4, adding: table, at: &next, end: start + size, &memory)
        }
        if xsdt != 0 {
            xsdt = try copy(xsdt, width: 8, adding: table, at: &next, end: start + size, &memory)
        }
        guard memory.store(UInt32(truncatingIfNeeded: rsdt), at: pointer + RSDP.rsdt),
            memory.seal(pointer, count: RSDP.shortSize, checksumAt: RSDP.checksum)
        else { throw .bootNoACPI }
        guard revision >= 2 else { return next }
        guard memory.store(xsdt, at: pointer + RSDP.xsdt),
            memory.seal(pointer, count: RSDP.longSize, checksumAt: RSDP.longChecksum)
        else { throw .bootNoACPI }
        return next
    }

    private func copy(
        _ address: UInt64, width: UInt64, adding table: UInt64, at next: inout UInt64, end: UInt64,
        _ memory: inout some ACPIMemory & ~Copyable
    ) throws(ErrorCode) -> UInt64 {
        let old = try ACPITable(at: address, memory)
        let length = old.length + Int(width)
        let place = next
        guard UInt64(length) <= end - place, table <= UInt64(UInt32.max) else { throw .bootNoACPI }
        for index in 0..<old.length {
            guard let byte = memory.read(old.address + UInt64(index)),
                memory.write(byte, at: place + UInt64(index))
            else { throw .bootNoACPI }
        }
        let position = place + UInt64(old.length)
        let stored =
            width == 8
            ? memory.store(table, at: position)
            : memory.store(UInt32(truncatingIfNeeded: table), at: position)
        guard stored, memory.store(UInt32(length), at: place + 4),
            memory.seal(place, count: length, checksumAt: 9)
        else { throw .bootNoACPI }
        next = (place + UInt64(length) + 15) & ~15
        return place
    }
}

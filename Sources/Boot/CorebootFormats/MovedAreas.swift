public import SICEABI

/// Where parts of CBMEM are now, for records of the coreboot table that point at them.
public struct MovedAreas {
    private struct Area {
        var old: MemoryRange
        var copy: UInt64
    }

    /// Areas that one table can have moved.
    public static var capacity: Int { 8 }

    /// Memory that cannot be reached any more; empty when nothing moved.
    public let gone: MemoryRange
    /// The new ACPI root pointer; nil leaves coreboot's.
    public var rootPointer: UInt64?
    private var areas = InlineArray<8, Area>(
        repeating: Area(old: MemoryRange(base: 0, size: 0, type: MemoryType.tables), copy: 0))
    private var count = 0

    /// `gone` is what SMRAM covers now.
    public init(gone: MemoryRange) { self.gone = gone }

    /// Notes that an area of the old table has a copy at another address. Throws `bootNoMemory` beyond
    /// ``capacity``.
    public mutating func append(_ old: MemoryRange, copy: UInt64) throws(ErrorCode) {
        guard count < Self.capacity else { throw .bootNoMemory }
        areas[count] = Area(old: old, copy: copy)
        count += 1
    }

    /// Where an address of the old table is now: itself when its memory stays, nil when it is gone for good.
    public func address(_ address: UInt64) -> UInt64? {
        guard address >= gone.base, address < gone.end else { return address }
        for index in 0..<count {
            let area = areas[index]
            if address >= area.old.base, address < area.old.end {
                return area.copy + (address - area.old.base)
            }
        }
        return nil
    }
}

public import SICEABI

extension MemoryMap {
    /// Makes a range reserved, whatever it was: RAM, ACPI tables or coreboot's own tables. For memory that stops
    /// being reachable. Throws `bootNoCorebootTable` when the map has no room for the parts.
    public mutating func remove(_ gone: MemoryRange) throws(ErrorCode) {
        var result = MemoryMap()
        for index in 0..<count {
            let range = self[index]
            guard range.type != MemoryType.reserved, range.overlaps(gone) else {
                try result.append(range)
                continue
            }
            try result.append(from: range.base, to: gone.base, type: range.type)
            try result.append(from: gone.end, to: range.end, type: range.type)
        }
        try result.append(MemoryRange(base: gone.base, size: gone.size, type: MemoryType.reserved))
        self = result
    }

    /// Gives free RAM inside a range another type, such as that of firmware's tables.
    public mutating func retype(_ part: MemoryRange) throws(ErrorCode) {
        var result = MemoryMap()
        for index in 0..<count {
            let range = self[index]
            guard range.type == MemoryType.ram, range.overlaps(part) else {
                try result.append(range)
                continue
            }
            try result.append(from: range.base, to: part.base, type: range.type)
            let start = max(range.base, part.base)
            try result.append(from: start, to: min(range.end, part.end), type: part.type)
            try result.append(from: part.end, to: range.end, type: range.type)
        }
        self = result
    }

    private mutating func append(from base: UInt64, to end: UInt64, type: UInt32) throws(ErrorCode) {
        guard base < end else { return }
        try append(MemoryRange(base: base, size: end - base, type: type))
    }
}

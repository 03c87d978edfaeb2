public import SICEABI

/// What a range of a coreboot memory map is (coreboot tables, record 1).
public enum MemoryType {
    public static let ram: UInt32 = 1
    public static let reserved: UInt32 = 2
    public static let acpi: UInt32 = 3
    public static let nonVolatile: UInt32 = 4
    public static let tables: UInt32 = 16
}

/// Part of the physical address space.
public struct MemoryRange: Equatable, Sendable {
    public var base: UInt64
    public var size: UInt64
    public var type: UInt32

    public init(base: UInt64, size: UInt64, type: UInt32) {
        self.base = base
        self.size = size
        self.type = type
    }

    /// First address after the range; ranges that would wrap are cut at the end of the address space.
    public var end: UInt64 {
        let (sum, wraps) = base.addingReportingOverflow(size)
        return wraps ? UInt64.max : sum
    }

    /// Whether the two ranges share a byte.
    public func overlaps(_ other: MemoryRange) -> Bool {
        size > 0 && other.size > 0 && base < other.end && other.base < end
    }
}

/// A memory map of bounded length, in the firmware's order.
public struct MemoryMap {
    public static var capacity: Int { 64 }

    private var ranges: InlineArray<64, MemoryRange>
    public private(set) var count = 0

    public init() {
        ranges = InlineArray(repeating: MemoryRange(base: 0, size: 0, type: 0))
    }

    /// The range at an index below ``count``.
    public subscript(index: Int) -> MemoryRange { ranges[index] }

    /// Adds a range. Throws `bootNoCorebootTable` when the map is longer than any that a machine has.
    public mutating func append(_ range: MemoryRange) throws(ErrorCode) {
        guard count < Self.capacity else { throw .bootNoCorebootTable }
        ranges[count] = range
        count += 1
    }

    /// Whether every byte of a range is of one of two types.
    public func covers(_ range: MemoryRange, type: UInt32, or other: UInt32? = nil) -> Bool {
        guard range.size > 0, range.base <= UInt64.max - range.size else { return false }
        return obstacle(in: range, type: type, or: other) == nil
    }

    /// What keeps a range from being of one of two types: the range of the map with its first byte that is not, or, when
    /// the map has none, an empty range there. Nil when every byte is.
    public func obstacle(in range: MemoryRange, type: UInt32, or other: UInt32? = nil) -> MemoryRange? {
        var position = range.base
        while position < range.end {
            guard let end = endOfRange(containing: position, type, other) else {
                for index in 0..<count where ranges[index].base <= position && position < ranges[index].end {
                    return ranges[index]
                }
                return MemoryRange(base: position, size: 0, type: MemoryType.reserved)
            }
            position = end
        }
        return nil
    }

    /// The highest page-aligned address in free RAM, within bounds, from which on `size` bytes are free.
    public func highestPlace(for size: UInt64, in bounds: Range<UInt64>) -> UInt64? {
        var best: UInt64?
        for index in 0..<count where ranges[index].type == MemoryType.ram {
            let start = max(ranges[index].base, bounds.lowerBound)
            let end = min(ranges[index].end, bounds.upperBound)
            guard end > start, end - start >= size else { continue }
            let place = (end - size) & ~(ABI.pageSize - 1)
            if place >= start, place >= best ?? 0 { best = place }
        }
        return best
    }

    private func endOfRange(containing address: UInt64, _ type: UInt32, _ other: UInt32?) -> UInt64? {
        for index in 0..<count {
            let range = ranges[index]
            guard range.type == type || range.type == other else { continue }
            if range.base <= address, address < range.end { return range.end }
        }
        return nil
    }

    /// First address after the highest RAM (or tables in RAM) below a limit.
    public func topOfRAM(below limit: UInt64) -> UInt64 {
        var top: UInt64 = 0
        for index in 0..<count {
            let range = ranges[index]
            guard range.type != MemoryType.reserved, range.base < limit else { continue }
            top = max(top, min(range.end, limit))
        }
        return top
    }

    /// The highest free RAM range below a limit that has at least `size` bytes.
    public func highestRAM(below limit: UInt64, size: UInt64) -> MemoryRange? {
        var best: MemoryRange?
        for index in 0..<count {
            let range = ranges[index]
            guard range.type == MemoryType.ram, range.end <= limit, range.size >= size else { continue }
            if let current = best, current.base > range.base { continue }
            best = range
        }
        return best
    }

    /// Turns the free RAM inside a range into reserved memory; what is not free RAM stays what it is.
    /// Throws `bootNoCorebootTable` when the map has no room for the parts.
    public mutating func reserve(base: UInt64, size: UInt64) throws(ErrorCode) {
        let taken = MemoryRange(base: base, size: size, type: MemoryType.reserved)
        var result = MemoryMap()
        for index in 0..<count {
            let range = ranges[index]
            guard range.type == MemoryType.ram, range.overlaps(taken) else {
                try result.append(range)
                continue
            }
            let start = max(range.base, taken.base)
            let end = min(range.end, taken.end)
            try result.appendPart(range.base, start, MemoryType.ram)
            try result.appendPart(start, end, MemoryType.reserved)
            try result.appendPart(end, range.end, MemoryType.ram)
        }
        self = result
    }

    private mutating func appendPart(_ base: UInt64, _ end: UInt64, _ type: UInt32) throws(ErrorCode) {
        guard base < end else { return }
        try append(MemoryRange(base: base, size: end - base, type: type))
    }
}

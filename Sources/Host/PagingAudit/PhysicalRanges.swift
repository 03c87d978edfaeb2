/// Ranges of physical addresses in ascending order that do not touch.
struct PhysicalRanges {
    private(set) var ranges: [Range<UInt64>] = []

    init(_ mappings: [Mapping]) {
        for mapping in mappings.sorted(by: { $0.physical < $1.physical }) {
            let range = mapping.physical..<max(mapping.physical, mapping.physicalEnd)
            if let last = ranges.last, range.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    /// What lies in both.
    func intersection(_ other: PhysicalRanges) -> [Range<UInt64>] {
        var (mine, theirs) = (ranges[...], other.ranges[...])
        var both: [Range<UInt64>] = []
        while let first = mine.first, let second = theirs.first {
            let common = first.clamped(to: second)
            if !common.isEmpty { both.append(common) }
            if first.upperBound < second.upperBound { mine.removeFirst() } else { theirs.removeFirst() }
        }
        return both
    }
}

public import SICEABI

/// A range of the legacy host's memory that the manager may touch (invariant I1).
///
/// Holding one proves that the range is not empty, does not wrap, has no byte in SMRAM and lies wholly inside
/// one range of RAM, so that no MMIO or flash is reached either. There is one constructor. Do not add a second:
/// every confused-deputy attack on the manager starts with an address that was not checked here.
public struct HostRange: Equatable, Sendable {
    /// Host-physical address of the first byte.
    public let address: UInt64
    /// Bytes, at least one.
    public let count: UInt64

    /// Checks a range that came from outside.
    ///
    /// Throws `addressMisaligned`, `addressWraps`, `addressInSMRAM`, `addressOutsideRAM`, or `invalidArgument`
    /// when `count` is 0. `alignment` is a power of two.
    public init(
        address: UInt64, count: UInt64, alignment: UInt64 = 1, in map: HostMemoryMap
    ) throws(ErrorCode) {
        guard count > 0 else { throw .invalidArgument }
        guard address & (alignment &- 1) == 0 else { throw .addressMisaligned }
        let (end, wraps) = address.addingReportingOverflow(count)
        guard !wraps else { throw .addressWraps }
        guard end <= map.smramBase || address >= map.smramEnd else { throw .addressInSMRAM }
        guard map.isRAM(from: address, to: end) else { throw .addressOutsideRAM }
        self.address = address
        self.count = count
    }

    /// Page `index` of this range, which was checked as a whole. Throws `invalidArgument` past its end.
    func page(_ index: UInt64) throws(ErrorCode) -> HostRange {
        guard index < count / ABI.pageSize else { throw .invalidArgument }
        return HostRange(part: address &+ index &* ABI.pageSize)
    }

    /// The `count` bytes at `offset` of this range, which was checked as a whole; cut off at its end.
    func part(at offset: Int, count: Int) -> HostRange {
        let start = min(UInt64(truncatingIfNeeded: offset), self.count)
        return HostRange(
            part: address &+ start, count: min(UInt64(truncatingIfNeeded: count), self.count &- start))
    }

    private init(part address: UInt64, count: UInt64 = ABI.pageSize) {
        self.address = address
        self.count = count
    }
}

/// Which host-physical addresses are RAM, and where SMRAM lies. Fixed at boot from the payload's handoff.
public struct HostMemoryMap: Sendable {
    /// First byte of SMRAM and the first byte after it.
    public let smramBase: UInt64
    public let smramEnd: UInt64
    // As many as the handoff holds, and the communication area; a generic argument must be a literal.
    private var bases: InlineArray<17, UInt64>
    private var ends: InlineArray<17, UInt64>
    private var count: Int

    /// SMRAM is `size` bytes at `base`; a range that wraps is taken to reach the end of memory.
    public init(smramBase base: UInt64, size: UInt64) {
        smramBase = base
        let (end, wraps) = base.addingReportingOverflow(size)
        smramEnd = wraps ? .max : end
        bases = .init(repeating: 0)
        ends = .init(repeating: 0)
        count = 0
    }

    /// Adds a range of RAM. Throws `invalidArgument` when it is empty, wraps, or the table is full.
    public mutating func addRAM(base: UInt64, size: UInt64) throws(ErrorCode) {
        let (end, wraps) = base.addingReportingOverflow(size)
        guard size > 0, !wraps, count < bases.count else { throw .invalidArgument }
        bases[count] = base
        ends[count] = end
        count &+= 1
    }

    /// Whether `[start, end)` lies wholly inside one range of RAM.
    package func isRAM(from start: UInt64, to end: UInt64) -> Bool {
        for index in 0..<count where start >= bases[index] && end <= ends[index] { return true }
        return false
    }

    /// Whether a byte of `[start, end)` is RAM.
    func overlapsRAM(from start: UInt64, to end: UInt64) -> Bool {
        for index in 0..<count where start < ends[index] && end > bases[index] { return true }
        return false
    }
}

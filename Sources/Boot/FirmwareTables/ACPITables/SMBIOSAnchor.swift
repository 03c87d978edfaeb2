public import SICEABI

/// An entry point of SMBIOS: where the structure table is (SMBIOS 3.6, §5.2.1 and §5.2.2). The table itself holds
/// no addresses and may be copied anywhere.
public struct SMBIOSAnchor: Equatable, Sendable {
    /// Address of the anchor.
    public let pointer: UInt64
    /// Address of the structure table.
    public let table: UInt64
    /// Bytes of the structure table; an upper limit with a 64-bit entry point.
    public let size: Int
    /// The anchor is "_SM3_" with a 64-bit address, not "_SM_" with a 32-bit one.
    private let isLong: Bool

    /// Where anchors are looked for.
    public static var searchRange: Range<UInt64> { 0xF_0000..<0x10_0000 }

    /// The first valid anchor in a part of ``searchRange``, at a multiple of 16 bytes.
    public static func first(
        in range: Range<UInt64>, _ memory: borrowing some ACPIMemory & ~Copyable
    ) -> SMBIOSAnchor? {
        var pointer = (range.lowerBound + 15) & ~15
        while pointer < range.upperBound {
            if let anchor = SMBIOSAnchor(at: pointer, memory) { return anchor }
            pointer += 16
        }
        return nil
    }

    /// Reads an anchor; nil when there is none with right checksums at this address.
    public init?(at pointer: UInt64, _ memory: borrowing some ACPIMemory & ~Copyable) {
        guard let signature = memory.load(pointer, as: UInt32.self) else { return nil }
        if signature == Anchor.long {
            guard memory.read(pointer + 4) == Anchor.longTail, memory.read(pointer + 6) == Anchor.longSize,
                memory.addsUpToZero(pointer, count: Int(Anchor.longSize)),
                let size = memory.load(pointer + 12, as: UInt32.self),
                let table = memory.load(pointer + 16, as: UInt64.self)
            else { return nil }
            (isLong, self.size, self.table) = (true, Int(size), table)
        } else {
            guard signature == Anchor.short, memory.read(pointer + 5) == Anchor.shortSize,
                memory.addsUpToZero(pointer, count: Int(Anchor.shortSize)),
                let size = memory.load(pointer + 22, as: UInt16.self),
                let table = memory.load(pointer + 24, as: UInt32.self)
            else { return nil }
            (isLong, self.size, self.table) = (false, Int(size), UInt64(table))
        }
        self.pointer = pointer
    }

    /// Points the anchor at a copy of the table, below 4 GiB. Throws `bootNoACPI` when it cannot be written.
    public func repoint(
        to copy: UInt64, _ memory: inout some ACPIMemory & ~Copyable
    ) throws(ErrorCode) {
        let written: Bool
        if isLong {
            written =
                memory.store(copy, at: pointer + 16)
                && memory.seal(pointer, count: Int(Anchor.longSize), checksumAt: 5)
        } else {
            // The intermediate checksum covers the second half, which holds the address.
            written =
                memory.store(UInt32(truncatingIfNeeded: copy), at: pointer + 24)
                && memory.seal(pointer + 16, count: 15, checksumAt: 5)
                && memory.seal(pointer, count: Int(Anchor.shortSize), checksumAt: 4)
        }
        guard written else { throw .bootNoACPI }
    }
}

private enum Anchor {
    static let short: UInt32 = 0x5F4D_535F  // "_SM_"
    static let long: UInt32 = 0x334D_535F  // "_SM3"
    static let longTail: UInt8 = 0x5F  // "_"
    static let shortSize: UInt8 = 31
    static let longSize: UInt8 = 24
}

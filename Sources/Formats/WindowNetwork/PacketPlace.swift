/// Where a packet lies in the window: one part, or two when it continues at the ring's start.
public struct PacketPlace: Equatable, Sendable {
    /// Offset in the window.
    public let first: Int
    public let firstCount: Int
    public let second: Int
    /// 0 when the packet is in one part.
    public let secondCount: Int

    /// Bytes.
    public var count: Int { firstCount + secondCount }
}

/// One direction: where its bytes and its two counts are.
struct Ring: Equatable, Sendable {
    let start: Int
    /// A power of two.
    let size: UInt32
    let written: Int
    let read: Int

    /// The place of a record's length.
    func offset(_ position: UInt32) -> Int { start + Int(position & (size - 1)) }

    /// The place of `count` bytes; never outside the ring, whatever the numbers are.
    func place(_ position: UInt32, count: Int) -> PacketPlace {
        let index = Int(position & (size - 1))
        let count = min(max(count, 0), Int(size))
        let firstCount = min(count, Int(size) - index)
        return PacketPlace(
            first: start + index, firstCount: firstCount, second: start, secondCount: count - firstCount)
    }

    /// Bytes of a record with a packet of so many.
    static func record(_ count: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: NetworkLayout.lengthSize + (count + 3) / 4 * 4)
    }
}

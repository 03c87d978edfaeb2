public import SICEABI

/// The one reader of a ring. Everything that the peer wrote may be wrong and may change at any time: each word is read once,
/// checked, and then forgotten.
public struct PacketReader: Sendable {
    private let ring: Ring
    private var read: UInt32
    /// Bytes of the record that ``next(in:)`` gave and ``release(in:)`` has not taken back.
    private var current: UInt32 = 0

    init(_ ring: Ring, in memory: borrowing some SharedMemory) {
        self.ring = ring
        read = memory.load(ring.read) & ~3
    }

    /// Whether it is worth to ask for the next packet.
    public func hasMore(in memory: borrowing some SharedMemory) -> Bool { memory.load(ring.written) != read }

    /// Where the oldest packet lies; nil when there is none. Throws `networkBadPosition` when the peer says that more is
    /// written than fits, `networkBadLength` for a packet that is empty, longer than any, or longer than what is written.
    public mutating func next(in memory: borrowing some SharedMemory) throws(ErrorCode) -> PacketPlace? {
        let available = memory.load(ring.written) &- read
        guard available <= ring.size, available & 3 == 0 else { throw .networkBadPosition }
        guard available > 0 else { return nil }
        let length = memory.load(ring.offset(read))
        guard length > 0, length <= UInt32(NetworkLayout.maximumPacket) else { throw .networkBadLength }
        let record = Ring.record(Int(length))
        guard record <= available else { throw .networkBadLength }
        current = record
        return ring.place(read &+ UInt32(NetworkLayout.lengthSize), count: Int(length))
    }

    /// Gives the peer the room of the packet that ``next(in:)`` gave; it was copied.
    public mutating func release(in memory: borrowing some SharedMemory) {
        read &+= current
        current = 0
        memory.store(read, at: ring.read)
    }
}

public import SICEABI

/// The one writer of a ring. The peer's count of bytes read is the only word of the peer's that it looks at.
public struct PacketWriter: Sendable {
    private let ring: Ring
    /// This side's own count: what the peer makes of the word in the window does not matter.
    private var written: UInt32

    init(_ ring: Ring, in memory: borrowing some SharedMemory) {
        self.ring = ring
        // Any count is as good as another: a wrong one only looks like a peer that counts wrong.
        written = memory.load(ring.written) & ~3
    }

    /// A place for a packet of at most `limit` bytes; nil until the peer has read enough. Throws `networkBadPosition` when the
    /// peer says that it read what was not written.
    public func place(
        for limit: Int, in memory: borrowing some SharedMemory
    ) throws(ErrorCode) -> PacketPlace? {
        let used = written &- memory.load(ring.read)
        guard used <= ring.size, used & 3 == 0 else { throw .networkBadPosition }
        let limit = min(max(limit, 0), NetworkLayout.maximumPacket)
        guard ring.size - used >= Ring.record(limit) else { return nil }
        return ring.place(written &+ UInt32(NetworkLayout.lengthSize), count: limit)
    }

    /// Whether the peer has read all that was published; a peer that counts wrong may say anything.
    public func isRead(in memory: borrowing some SharedMemory) -> Bool { memory.load(ring.read) == written }

    /// Shows the peer a packet of `count` bytes, at most as many as the newest ``place(for:in:)`` was for.
    public mutating func publish(_ count: Int, in memory: borrowing some SharedMemory) {
        guard count > 0, count <= NetworkLayout.maximumPacket else { return }
        memory.store(UInt32(truncatingIfNeeded: count), at: ring.offset(written))
        written &+= Ring.record(count)
        memory.store(written, at: ring.written)
    }
}

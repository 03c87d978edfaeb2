public import SICEABI

/// One side of a network in a window.
public struct NetworkEnd: Sendable {
    /// Whose words are whose.
    public enum Side: Sendable {
        case host
        case guest
    }

    public let side: Side
    public let settings: NetworkSettings
    /// Packets for the peer.
    public var outgoing: PacketWriter
    /// Packets from the peer.
    public var incoming: PacketReader

    /// Sets the network up, on the host's side. Throws `networkWindowUnusable` when the window is too small.
    public init(host settings: NetworkSettings, in memory: borrowing some SharedMemory) throws(ErrorCode) {
        typealias Layout = NetworkLayout
        guard let size = Layout.ringSize(inWindowOf: memory.size) else { throw .networkWindowUnusable }
        self.init(.host, settings, ringSize: size, memory)
        memory.store(Layout.currentVersion, at: Layout.version)
        memory.store(UInt32(truncatingIfNeeded: size), at: Layout.ringSize)
        memory.store(settings.maximumTransfer, at: Layout.maximumTransfer)
        memory.store(settings.hostAddress, at: Layout.hostAddress)
        memory.store(settings.guestAddress, at: Layout.guestAddress)
        memory.store(settings.prefixLength, at: Layout.prefixLength)
        memory.store(NetworkState.up, at: Layout.hostState)
        memory.store(Layout.magicValue, at: Layout.magic)
    }

    /// Joins the network, on the guest's side. Throws `networkWindowUnusable` when nobody has set it up, when it is of
    /// another version, or when its numbers do not fit the window.
    public init(guestIn memory: borrowing some SharedMemory) throws(ErrorCode) {
        typealias Layout = NetworkLayout
        guard memory.size >= Layout.headerSize, memory.load(Layout.magic) == Layout.magicValue,
            memory.load(Layout.version) == Layout.currentVersion
        else { throw .networkWindowUnusable }
        // The size that this side computes from the window that was measured, not the one that the host could write.
        guard let size = Layout.ringSize(inWindowOf: memory.size),
            memory.load(Layout.ringSize) == UInt32(truncatingIfNeeded: size)
        else { throw .networkWindowUnusable }
        let settings = try NetworkSettings(
            hostAddress: memory.load(Layout.hostAddress), guestAddress: memory.load(Layout.guestAddress),
            prefixLength: memory.load(Layout.prefixLength),
            maximumTransfer: memory.load(Layout.maximumTransfer))
        self.init(.guest, settings, ringSize: size, memory)
        memory.store(NetworkState.up, at: Layout.guestState)
    }

    private init(
        _ side: Side, _ settings: NetworkSettings, ringSize: Int, _ memory: borrowing some SharedMemory
    ) {
        typealias Layout = NetworkLayout
        let size = UInt32(truncatingIfNeeded: ringSize)
        let guests = Ring(
            start: Layout.rings, size: size, written: Layout.guestWritten, read: Layout.hostRead)
        let hosts = Ring(
            start: Layout.rings + ringSize, size: size, written: Layout.hostWritten, read: Layout.guestRead)
        self.side = side
        self.settings = settings
        outgoing = PacketWriter(side == .host ? hosts : guests, in: memory)
        incoming = PacketReader(side == .host ? guests : hosts, in: memory)
    }

    /// Says whether the peer has to tell this side of packets. After saying so, look once more before sleeping: what was
    /// written meanwhile brings no signal.
    public func sleeps(_ sleeps: Bool, in memory: borrowing some SharedMemory) {
        let offset = side == .host ? NetworkLayout.hostSleeps : NetworkLayout.guestSleeps
        memory.store(sleeps ? 1 : 0, at: offset)
        memory.fence()
    }

    /// After packets were published: whether the peer wants a signal.
    public func peerSleeps(in memory: borrowing some SharedMemory) -> Bool {
        memory.fence()
        return memory.load(side == .host ? NetworkLayout.guestSleeps : NetworkLayout.hostSleeps) != 0
    }

    /// What the peer says of itself: ``NetworkState``, or the number of an error.
    public func peerState(in memory: borrowing some SharedMemory) -> UInt32 {
        memory.load(side == .host ? NetworkLayout.guestState : NetworkLayout.hostState)
    }

    /// Says that this side has ended, and why.
    public func end(_ error: ErrorCode?, in memory: borrowing some SharedMemory) {
        let offset = side == .host ? NetworkLayout.hostState : NetworkLayout.guestState
        memory.store(error.map { UInt32($0.rawValue) } ?? NetworkState.ended, at: offset)
    }
}

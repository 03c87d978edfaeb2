/// A network in a window: a header page, then two rings of the same size. Byte offsets; words of 32 bits, little-endian.
///
/// A ring is written by one side and read by the other. Both count the bytes that they wrote or read, modulo 2³²; the count
/// modulo the ring's size is the place. A record is a word with the packet's length, 1 to ``maximumPacket``, then the packet, an
/// IP packet without any frame, then padding up to a multiple of 4. It may continue at the ring's start.
///
/// A window of zeros is a network that nobody has set up. The host fills in its words, ``magic`` last; then the guest may start,
/// also again, since each side goes on with the counts that it finds.
public enum NetworkLayout {
    /// ASCII "SNET".
    public static let magicValue: UInt32 = 0x5445_4E53
    public static let currentVersion: UInt32 = 1

    // Written by the host once.
    public static let magic = 0
    public static let version = 4
    public static let ringSize = 8  // bytes of one ring, a power of two
    public static let maximumTransfer = 12  // MTU, bytes
    public static let hostAddress = 16  // IPv4, 10.0.0.1 is 0x0A000001
    public static let guestAddress = 20
    public static let prefixLength = 24  // 1…30
    // Written by the host all the time.
    public static let hostState = 64  // NetworkState, or the number of the error that ended it
    public static let hostWritten = 68  // bytes written to the host's ring
    public static let hostRead = 72  // bytes read from the guest's ring
    public static let hostSleeps = 76  // 1: tell the host (doorbell) when there is something for it
    // Written by the guest.
    public static let guestState = 128
    public static let guestWritten = 132
    public static let guestRead = 136
    public static let guestSleeps = 140  // 1: tell the guest (interrupt)

    public static let headerSize = 4096
    /// The guest's ring is the first one, the host's the second.
    public static let rings = headerSize
    public static let lengthSize = 4
    /// Bytes of the longest packet: what IP can say.
    public static let maximumPacket = 65_535
    /// A ring holds at least one packet of any length.
    public static let minimumRing = 1 << 17
    public static let maximumRing = 1 << 28
    /// Bytes of the smallest window.
    public static let minimumSize = headerSize + 2 * minimumRing

    /// The largest ring that a window has room for twice; nil when it has none.
    public static func ringSize(inWindowOf size: Int) -> Int? {
        guard size >= minimumSize else { return nil }
        var ring = minimumRing
        while ring < maximumRing, (size - headerSize) / 2 >= ring * 2 { ring *= 2 }
        return ring
    }
}

/// ``NetworkLayout/hostState`` and ``NetworkLayout/guestState``: greater numbers are those of errors.
public enum NetworkState {
    public static let absent: UInt32 = 0
    public static let up: UInt32 = 1
    public static let ended: UInt32 = 2
}

/// The guest's word in its doorbell.
public enum NetworkDoorbell {
    /// There are packets for the host.
    public static let packets: UInt64 = 0
    /// The guest has nothing to do until packets or an interrupt come. It looks at its ring by itself then, which spares both
    /// sides an interrupt.
    public static let waits: UInt64 = 1
}

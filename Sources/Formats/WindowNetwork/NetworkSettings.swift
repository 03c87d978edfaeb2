public import SICEABI

/// What the host says of the network. Nothing in it is a secret or a promise: the network is the host's.
public struct NetworkSettings: Equatable, Sendable {
    /// IPv4 addresses, 10.0.0.1 is 0x0A000001.
    public let hostAddress: UInt32
    public let guestAddress: UInt32
    /// 1 to 30.
    public let prefixLength: UInt32
    /// Bytes of the longest packet that a side sends.
    public let maximumTransfer: UInt32

    /// As few packets as IP allows, with some air for who counts headers.
    public static let defaultMaximumTransfer: UInt32 = 65_000
    /// 576 is what every IP host must take (RFC 791).
    public static let transferSizes: ClosedRange<UInt32> = 576...UInt32(NetworkLayout.maximumPacket)

    /// Throws `networkWindowUnusable` when the addresses are not two hosts of one network, or a number is out of its range.
    public init(
        hostAddress: UInt32, guestAddress: UInt32, prefixLength: UInt32,
        maximumTransfer: UInt32 = NetworkSettings.defaultMaximumTransfer
    ) throws(ErrorCode) {
        guard prefixLength >= 1, prefixLength <= 30, Self.transferSizes.contains(maximumTransfer) else {
            throw .networkWindowUnusable
        }
        let hostPart = ~UInt32(0) >> prefixLength
        guard (hostAddress ^ guestAddress) & ~hostPart == 0, hostAddress != guestAddress,
            Self.isHost(hostAddress, hostPart), Self.isHost(guestAddress, hostPart)
        else { throw .networkWindowUnusable }
        self.hostAddress = hostAddress
        self.guestAddress = guestAddress
        self.prefixLength = prefixLength
        self.maximumTransfer = maximumTransfer
    }

    /// All ones is everybody, all zeros the network itself.
    private static func isHost(_ address: UInt32, _ hostPart: UInt32) -> Bool {
        address & hostPart != 0 && address & hostPart != hostPart
    }
}

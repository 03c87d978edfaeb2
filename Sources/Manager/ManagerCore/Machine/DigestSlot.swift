import SICEABI

/// One of the machine's SHA-256 states: one per environment slot, and one for work inside a single command.
public struct DigestSlot: Equatable, Sendable {
    /// 0…``count`` − 1.
    public let index: Int
    public static let count = ABI.maximumEnvironments + 1
    static let scratch = DigestSlot(index: ABI.maximumEnvironments)

    static func environment(_ slot: Slot) -> DigestSlot { DigestSlot(index: slot.index) }
}

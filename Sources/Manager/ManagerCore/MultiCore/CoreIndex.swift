import SICEABI

/// One of the cores that the manager has room for. Holding a value proves that every table of cores has a row for it; whether
/// the machine has that core, only the manager knows.
public struct CoreIndex: Equatable, Sendable {
    public static let count = ABI.maximumCores
    private let number: UInt64

    /// Nil for a number that is not below ``count``.
    public init?(_ number: UInt64) {
        guard number < UInt64(Self.count) else { return nil }
        self.init(remainderOf: UInt32(truncatingIfNeeded: number))
    }

    /// The core of a number that the manager's own entry code wrote; of any other number its remainder.
    public init(remainderOf number: UInt32) {
        self.number = UInt64(number) % UInt64(Self.count)
    }

    /// 0…``count`` − 1; the remainder as with ``Slot/index``.
    public var index: Int { Int(truncatingIfNeeded: number % UInt64(Self.count)) }
}

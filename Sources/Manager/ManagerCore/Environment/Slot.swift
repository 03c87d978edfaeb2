import SICEABI

/// One of the manager's places for environments. Holding a value proves that there is such a place.
public struct Slot: Equatable, Sendable {
    public static let count = ABI.maximumEnvironments
    private let number: UInt64

    /// Nil for a number that is not below ``count``.
    public init?(_ number: UInt64) {
        guard number < UInt64(Self.count) else { return nil }
        self.init(remainderOf: number)
    }

    /// Of numbers that are below ``count`` anyway.
    init(remainderOf number: UInt64) {
        self.number = number % UInt64(Self.count)
    }

    /// 0…``count`` − 1. The remainder changes nothing: it shows the compiler what the type promises, so that no other
    /// check is left where a table is indexed.
    public var index: Int { Int(truncatingIfNeeded: number % UInt64(Self.count)) }
}

/// A value for each slot.
///
/// Reading is `mutating` as well: a borrowing accessor would copy the whole table first (``Manager``).
struct SlotTable<Element: ~Copyable>: ~Copyable {
    private var elements: InlineArray<16, Element>

    @inline(__always)
    init(_ element: (Slot) -> Element) {
        elements = InlineArray { index in element(Slot(remainderOf: UInt64(truncatingIfNeeded: index))) }
    }

    subscript(slot: Slot) -> Element {
        @inline(__always) mutating _read { yield elements[slot.index] }
        @inline(__always) _modify { yield &elements[slot.index] }
    }
}

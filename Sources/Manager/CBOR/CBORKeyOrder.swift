/// Remembers the last integer key of a map, to hold the keys to the bytewise order of their encodings: unsigned before
/// negative, each by rising argument (RFC 8949, 4.2.1).
public struct CBORKeyOrder: Sendable {
    private var last: Int64?

    public init() {}

    /// Whether the key comes after all keys before it.
    mutating func accept(_ key: Int64) -> Bool {
        defer { last = key }
        guard let last else { return true }
        if (last < 0) != (key < 0) { return key < 0 }
        return key < 0 ? key < last : key > last
    }
}

/// A JSON value (RFC 8259) of the strict kind that this project reads and writes: integers only, no key twice.
public enum JSON: Equatable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case string(String)
    case array([JSON])
    case object([Member])

    /// A key with its value. Order is kept, so that what is written is the same bytes each time.
    public struct Member: Equatable, Sendable {
        public let key: String
        public let value: JSON

        public init(_ key: String, _ value: JSON) {
            self.key = key
            self.value = value
        }
    }

    /// An object; members whose value is nil are left out.
    public static func object(_ members: KeyValuePairs<String, JSON?>) -> JSON {
        .object(members.compactMap { key, value in value.map { Member(key, $0) } })
    }
}

/// Why bytes are not JSON of the strict kind.
public struct JSONError: Error, Equatable, Sendable {
    /// Offset of the byte at fault.
    public let offset: Int
    /// What is wrong there, in a few words.
    public let reason: String
}

public import Diagnostics
public import SICEABI

/// Reads the members of one object and refuses those that nobody asked for: a key that is misspelt, or that a later
/// version gave a meaning, must not be passed over in silence.
public struct JSONFields {
    /// The rows of the error table for this kind of file.
    public struct Errors: Sendable {
        let unreadable: ErrorCode
        let unknownKey: ErrorCode
        let missingKey: ErrorCode
        let truncated: ErrorCode

        /// - Parameter truncated: for a document that ends too early; `unreadable` when nil.
        public init(
            unreadable: ErrorCode, unknownKey: ErrorCode, missingKey: ErrorCode, truncated: ErrorCode? = nil
        ) {
            self.unreadable = unreadable
            self.unknownKey = unknownKey
            self.missingKey = missingKey
            self.truncated = truncated ?? unreadable
        }

        /// One row for everything.
        public init(_ code: ErrorCode) {
            self.init(unreadable: code, unknownKey: code, missingKey: code)
        }
    }

    private let members: [JSON.Member]
    private let errors: Errors
    private let context: String
    private var known: Set<String> = []

    /// - Parameter context: where the object stands, for messages: a file name or a path of keys.
    public init(_ value: JSON, context: String, errors: Errors) throws(ToolError) {
        guard case .object(let members) = value else {
            throw ToolError(errors.unreadable, "\(context): an object is expected")
        }
        self.members = members
        self.context = context
        self.errors = errors
    }

    /// Parses a document that is one object with a `schema` member of the given value.
    public init(document bytes: [UInt8], schema: String, context: String, errors: Errors) throws(ToolError) {
        let value: JSON
        do { value = try JSON(parsing: bytes) } catch {
            let code = error.offset >= bytes.count ? errors.truncated : errors.unreadable
            throw ToolError(code, "\(context): byte \(error.offset): \(error.reason)")
        }
        try self.init(value, context: context, errors: errors)
        let found = try string("schema")
        guard found == schema else {
            throw ToolError(
                errors.unreadable,
                "\(context): schema is \(JSON.string(String(found.prefix(100))).line), expected \(schema)")
        }
    }

    /// The value of a key, nil when the object does not have it.
    public mutating func optional(_ key: String) -> JSON? {
        known.insert(key)
        return members.first { $0.key == key }?.value
    }

    /// Whether the object has an optional key.
    public mutating func has(_ key: String) -> Bool { optional(key) != nil }

    /// The value of a key that must be there.
    public mutating func value(_ key: String) throws(ToolError) -> JSON {
        guard let value = optional(key) else {
            throw ToolError(errors.missingKey, "\(context): \"\(key)\" is missing")
        }
        return value
    }

    public mutating func string(_ key: String) throws(ToolError) -> String {
        guard case .string(let text) = try value(key) else { throw wrongType(key, "a string") }
        return text
    }

    public mutating func integer(_ key: String) throws(ToolError) -> Int64 {
        guard case .integer(let number) = try value(key) else { throw wrongType(key, "an integer") }
        return number
    }

    public mutating func boolean(_ key: String) throws(ToolError) -> Bool {
        guard case .boolean(let flag) = try value(key) else { throw wrongType(key, "true or false") }
        return flag
    }

    public mutating func array(_ key: String) throws(ToolError) -> [JSON] {
        guard case .array(let elements) = try value(key) else { throw wrongType(key, "an array") }
        return elements
    }

    /// Lower-case hexadecimal digits, of `count` bytes when given.
    public mutating func hex(_ key: String, count: Int? = nil) throws(ToolError) -> [UInt8] {
        guard let bytes = Hex.decode(try string(key)), count == nil || bytes.count == count else {
            throw wrongType(
                key, count.map { "\($0) bytes in lower-case hexadecimal" } ?? "lower-case hexadecimal")
        }
        return bytes
    }

    /// Base64 in its one canonical form.
    public mutating func base64(_ key: String) throws(ToolError) -> [UInt8] {
        guard let bytes = Base64.decode(try string(key)) else { throw wrongType(key, "base64") }
        return bytes
    }

    /// Call it last: names the keys that were not asked for.
    public func finish() throws(ToolError) {
        let unknown = members.map(\.key).filter { !known.contains($0) }
        guard unknown.isEmpty else {
            let names = unknown.map { JSON.string($0).line }.joined(separator: ", ")
            throw ToolError(errors.unknownKey, "\(context): unknown: \(names)")
        }
    }

    private func wrongType(_ key: String, _ expected: String) -> ToolError {
        ToolError(errors.unreadable, "\(context): \"\(key)\" must be \(expected)")
    }
}

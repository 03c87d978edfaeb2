extension JSON {
    /// Reads one value that fills all of the bytes. Refuses what different readers could understand differently:
    /// keys that appear twice, numbers that are not 64-bit integers, invalid UTF-8, deep nesting.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes)
        self = try parser.parseDocument()
    }
}

/// A recursive-descent parser over bytes that may come from an attacker.
struct JSONParser {
    /// Nesting beyond this is refused, so that no input can exhaust the stack.
    static let maximumDepth = 32

    let bytes: [UInt8]
    var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    func failure(_ reason: String) -> JSONError { JSONError(offset: offset, reason: reason) }

    mutating func parseDocument() throws(JSONError) -> JSON {
        let value = try parseValue(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw failure("more follows the value") }
        return value
    }

    mutating func parseValue(depth: Int) throws(JSONError) -> JSON {
        guard depth < JSONParser.maximumDepth else { throw failure("nested too deeply") }
        skipSpace()
        guard let byte = current else { throw failure("ends too early") }
        switch byte {
        case UInt8(ascii: "{"): return try parseObject(depth: depth)
        case UInt8(ascii: "["): return try parseArray(depth: depth)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .boolean(true))
        case UInt8(ascii: "f"): return try parseWord("false", .boolean(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseInteger()
        default: throw failure("no value starts here")
        }
    }

    mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { offset += 1 }
    }

    mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard current == UInt8(ascii: character) else { return false }
        offset += 1
        return true
    }

    private mutating func parseWord(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
        guard bytes[offset...].starts(with: word.utf8) else { throw failure("no value starts here") }
        offset += word.utf8.count
        return value
    }

    private mutating func parseInteger() throws(JSONError) -> JSON {
        let start = offset
        if current == UInt8(ascii: "-") { offset += 1 }
        let digits = offset
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        if let byte = current, [UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E")].contains(byte) {
            throw failure("only integers are known")
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard offset > digits, bytes[digits] != UInt8(ascii: "0") || text == "0", let value = Int64(text)
        else {
            throw failure("not a 64-bit integer")
        }
        return .integer(value)
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSON {
        offset += 1
        var elements: [JSON] = []
        if accept("]") { return .array(elements) }
        while true {
            elements.append(try parseValue(depth: depth + 1))
            if accept("]") { return .array(elements) }
            guard accept(",") else { throw failure("comma or ] expected") }
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSON {
        offset += 1
        var members: [JSON.Member] = []
        var keys: Set<String> = []
        if accept("}") { return .object(members) }
        while true {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw failure("key expected") }
            let key = try parseString()
            guard keys.insert(key).inserted else {
                throw failure("the key \(JSON.string(key).line) appears twice")
            }
            guard accept(":") else { throw failure("colon expected") }
            members.append(JSON.Member(key, try parseValue(depth: depth + 1)))
            if accept("}") { return .object(members) }
            guard accept(",") else { throw failure("comma or } expected") }
        }
    }
}

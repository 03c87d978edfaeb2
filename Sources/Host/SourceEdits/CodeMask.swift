/// Takes out of C what is no code: comments, strings, characters, and the preprocessor's lines. Lines stay lines.
enum CodeMask {
    static func applied(to bytes: [UInt8]) -> [UInt8] {
        var code = bytes
        var place = 0
        while place < bytes.count {
            let end = endOfOther(bytes, place)
            for hidden in place..<end where bytes[hidden] != UInt8(ascii: "\n") {
                code[hidden] = UInt8(ascii: " ")
            }
            place = max(end, place + 1)
        }
        return code
    }

    /// Behind what begins here and is no code; here, if it is code.
    private static func endOfOther(_ bytes: [UInt8], _ start: Int) -> Int {
        switch bytes[start] {
        case UInt8(ascii: "/") where starts(bytes, start, "/*"): end(bytes, start + 2, "*/")
        case UInt8(ascii: "/") where starts(bytes, start, "//"): end(bytes, start + 2, "\n")
        case UInt8(ascii: "\""), UInt8(ascii: "'"): endOfQuote(bytes, start)
        case UInt8(ascii: "#") where isFirst(bytes, start): endOfDirective(bytes, start)
        default: start
        }
    }

    private static func starts(_ bytes: [UInt8], _ place: Int, _ text: String) -> Bool {
        bytes[place...].starts(with: text.utf8)
    }

    private static func end(_ bytes: [UInt8], _ start: Int, _ text: String) -> Int {
        var place = start
        while place < bytes.count, !starts(bytes, place, text) { place += 1 }
        return min(place + text.utf8.count, bytes.count)
    }

    private static func endOfQuote(_ bytes: [UInt8], _ start: Int) -> Int {
        var place = start + 1
        while place < bytes.count, bytes[place] != bytes[start], bytes[place] != UInt8(ascii: "\n") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place + 1, bytes.count)
    }

    /// A line that ends in a backslash goes on in the next.
    private static func endOfDirective(_ bytes: [UInt8], _ start: Int) -> Int {
        var place = start
        while place < bytes.count, bytes[place] != UInt8(ascii: "\n") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(place, bytes.count)
    }

    /// Whether only spaces stand before it in its line.
    private static func isFirst(_ bytes: [UInt8], _ place: Int) -> Bool {
        let before = bytes[..<place].reversed().prefix { $0 != UInt8(ascii: "\n") }
        return before.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
}

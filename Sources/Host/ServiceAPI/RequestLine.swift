/// The first line of a request (RFC 9112 §3).
struct RequestLine {
    let method: String
    let path: String
    /// Behind the question mark.
    let query: Substring
    /// HTTP/1.1 or a later 1.x, whose rules are the same.
    let isHTTP11: Bool

    init(_ line: ArraySlice<UInt8>) throws(HTTPRefusal) {
        guard line.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw HTTPRefusal("the request line is not ASCII")
        }
        let words = String(decoding: line, as: UTF8.self).split(
            separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, HTTPToken.isToken(words[0].utf8) else {
            throw HTTPRefusal("not an HTTP/1.1 request")
        }
        method = String(words[0])
        isHTTP11 = try RequestLine.minorVersion(words[2]) >= 1
        let target = try RequestLine.originForm(words[1])
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        query = parts.count > 1 ? parts[1] : ""
    }

    private static func minorVersion(_ word: Substring) throws(HTTPRefusal) -> UInt8 {
        let digits = word.hasPrefix("HTTP/") ? Array(word.utf8.dropFirst(5)) : []
        guard digits.count == 3, digits[1] == UInt8(ascii: "."),
            [digits[0], digits[2]].allSatisfy({ (0x30...0x39).contains($0) })
        else { throw HTTPRefusal("not an HTTP/1.1 request") }
        guard digits[0] == UInt8(ascii: "1") else { throw HTTPRefusal("version \(word)", status: 505) }
        return digits[2] - 0x30
    }

    /// Path and query, also of a target that names scheme and host as one for a proxy does (RFC 9112 §3.2.2). Which host
    /// it names makes no difference here.
    private static func originForm(_ target: Substring) throws(HTTPRefusal) -> Substring {
        guard !target.contains("#") else { throw HTTPRefusal("a target with a fragment") }
        if target.hasPrefix("/") { return target }
        let scheme = "http://"
        guard target.prefix(scheme.count).lowercased() == scheme else {
            throw HTTPRefusal("target \(target)")
        }
        let rest = target.dropFirst(scheme.count)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard end > rest.startIndex, HTTPToken.isHost(rest[..<end].utf8) else {
            throw HTTPRefusal("target \(target)")
        }
        return rest[end...].hasPrefix("/") ? rest[end...] : "/" + rest[end...]
    }
}

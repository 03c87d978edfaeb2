/// The head of an HTTP/1.1 request (RFC 9112), of the few kinds that this service answers. Whatever could be
/// understood in two ways is refused: folded lines, two lengths, lines that end in a line feed alone.
public struct HTTPRequest: Equatable, Sendable {
    /// Most bytes of a request head.
    public static let mostHeadBytes = 8192

    public let method: String
    public let path: String
    /// Query parameters; none appears twice.
    public let query: [String: String]
    /// Bytes of the body; `Int.max` for any number that is larger.
    public let contentLength: Int
    /// The client waits for a word before it sends the body (RFC 9110 §10.1.1).
    public let expectsContinue: Bool

    /// Parses everything before the empty line, without it.
    public init(head: [UInt8]) throws(HTTPRefusal) {
        let lines = try HTTPRequest.lines(head)
        let line = try RequestLine(lines[0])
        let fields = try HeaderFields(lines.dropFirst())
        try HTTPRequest.requireHost(fields, line)
        try HTTPRequest.refuseCodings(fields, line)
        (method, path) = (line.method, line.path)
        query = try HTTPRequest.parseQuery(line.query)
        contentLength = try HTTPRequest.parseLength(fields.single("content-length"))
        // Older clients do not know what the word means that they would be sent.
        expectsContinue = line.isHTTP11 && fields.list("expect").contains("100-continue")
    }

    /// Lines without their ends. A carriage return or line feed alone is an end to some readers and none to others.
    private static func lines(_ head: [UInt8]) throws(HTTPRefusal) -> [ArraySlice<UInt8>] {
        var lines = head.split(separator: 0x0A, omittingEmptySubsequences: false)
        var endsWell = true
        for index in lines.indices.dropLast() { endsWell = lines[index].popLast() == 0x0D && endsWell }
        guard endsWell, !lines.contains(where: { $0.contains(0x0D) }) else {
            throw HTTPRefusal("a line does not end in carriage return and line feed")
        }
        return lines
    }

    /// RFC 9112 §3.2: once in HTTP/1.1, never twice.
    private static func requireHost(
        _ fields: HeaderFields, _ line: RequestLine
    ) throws(HTTPRefusal) {
        let host = try fields.single("host")
        guard host != nil || !line.isHTTP11, HTTPToken.isHost((host ?? "").utf8) else {
            throw HTTPRefusal("an HTTP/1.1 request has one Host")
        }
    }

    /// Only a length says where a body ends (RFC 9112 §6.1, §6.3). With a coding and a length, two readers of one connection
    /// may see the next request at two places.
    private static func refuseCodings(
        _ fields: HeaderFields, _ line: RequestLine
    ) throws(HTTPRefusal) {
        let codings = fields.list("transfer-encoding")
        guard try fields.single("transfer-encoding") != nil else { return }
        guard line.isHTTP11, try fields.single("content-length") == nil else {
            throw HTTPRefusal("a transfer coding beside a length, or in HTTP/1.0")
        }
        let isChunked = codings == ["chunked"]
        throw HTTPRefusal(
            "transfer codings are not supported; send a Content-Length", status: isChunked ? 411 : 501)
    }

    private static func parseQuery(_ text: Substring) throws(HTTPRefusal) -> [String: String] {
        var result: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, result.updateValue(String(parts[1]), forKey: String(parts[0])) == nil
            else { throw HTTPRefusal("query parameter \(pair)") }
        }
        return result
    }

    private static func parseLength(_ text: String?) throws(HTTPRefusal) -> Int {
        guard let text else { return 0 }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw HTTPRefusal("Content-Length \(text)")
        }
        // RFC 9110 §8.6: a number is not wrong because it is large. The routes refuse it.
        return Int(text) ?? .max
    }
}

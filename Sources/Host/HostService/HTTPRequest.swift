public import Diagnostics
internal import SICEABI

/// The head of an HTTP/1.1 request (RFC 9112), of the few kinds that this service answers. Whatever could be
/// understood in two ways is refused: folded lines, two lengths, transfer codings, bytes outside ASCII.
public struct HTTPRequest: Equatable, Sendable {
    /// Most bytes of a request head.
    public static let mostHeadBytes = 8192

    public let method: String
    public let path: String
    /// Query parameters; none appears twice.
    public let query: [String: String]
    /// Bytes of the body.
    public let contentLength: Int
    /// The client waits for a word before it sends the body (RFC 9110 §10.1.1).
    public let expectsContinue: Bool

    /// Parses everything before the empty line, without it. Throws `usage`.
    public init(head: [UInt8]) throws(ToolError) {
        guard head.allSatisfy({ $0 < 0x7F && ($0 >= 0x20 || $0 == 0x0D || $0 == 0x0A || $0 == 0x09) }) else {
            throw ToolError(.usage, "the request is not ASCII")
        }
        var lines = String(decoding: head, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines.removeFirst().split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0", words[1].hasPrefix("/")
        else {
            throw ToolError(.usage, "not an HTTP/1.1 request")
        }
        method = String(words[0])
        let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(target[0])
        query = try HTTPRequest.parseQuery(target.count > 1 ? target[1] : "")
        let fields = try HTTPRequest.parseFields(lines)
        guard fields["transfer-encoding"] == nil else {
            throw ToolError(.usage, "transfer codings are not supported; send a Content-Length")
        }
        contentLength = try HTTPRequest.parseLength(fields["content-length"])
        expectsContinue = fields["expect"]?.lowercased() == "100-continue"
    }

    private static func parseQuery(_ text: Substring) throws(ToolError) -> [String: String] {
        var result: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, result.updateValue(String(parts[1]), forKey: String(parts[0])) == nil
            else {
                throw ToolError(.usage, "query parameter \(pair)")
            }
        }
        return result
    }

    private static func parseFields(_ lines: [Substring]) throws(ToolError) -> [String: String] {
        var result: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let last = parts[0].last, last != " ", last != "\t",
                !line.contains("\r"), !line.contains("\n"), line.first != " ", line.first != "\t"
            else { throw ToolError(.usage, "malformed header field") }
            let value = String(parts[1].drop { $0 == " " || $0 == "\t" })
            let previous = result.updateValue(value, forKey: parts[0].lowercased())
            guard previous == nil || previous == value else {
                throw ToolError(.usage, "header field \(parts[0]) appears twice")
            }
        }
        return result
    }

    private static func parseLength(_ text: String?) throws(ToolError) -> Int {
        guard let text else { return 0 }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(text) else {
            throw ToolError(.usage, "Content-Length \(text)")
        }
        return length
    }
}

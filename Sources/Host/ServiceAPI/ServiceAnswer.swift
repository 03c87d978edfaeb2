public import Diagnostics
internal import SICEABI

/// An answer of the service as its client reads it: what ``HTTPResponse/bytes`` writes, from the first byte to the end of the
/// connection.
public struct ServiceAnswer: Equatable, Sendable {
    /// Most bytes of the largest answer, with its head.
    public static let mostBytes = ServiceRoutes.mostControlBytes + HTTPRequest.mostHeadBytes

    public let status: Int
    public let body: [UInt8]

    /// Nil for what is no whole answer.
    public init?(_ bytes: [UInt8]) {
        let head = bytes.prefix(HTTPRequest.mostHeadBytes)
        guard let end = head.indices.first(where: { head[$0...].starts(with: "\r\n\r\n".utf8) }) else {
            return nil
        }
        let lines = String(decoding: head[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        let field = "Content-Length: "
        let lengths = lines.dropFirst().filter { $0.hasPrefix(field) }.map { Int($0.dropFirst(field.count)) }
        body = Array(bytes[(end + 4)...])
        guard words.count == 3, words[0] == "HTTP/1.1", let status = Int(words[1]), lengths == [body.count]
        else { return nil }
        self.status = status
    }

    /// The body of a good answer. Throws the error that the service tells, `daemonUnusable` for what it is not.
    public func result() throws(ToolError) -> [UInt8] {
        if status == 200 { return body }
        guard let error = ServiceError(json: body)?.error else {
            throw ToolError(.daemonUnusable, "an answer of status \(status)")
        }
        throw error
    }
}

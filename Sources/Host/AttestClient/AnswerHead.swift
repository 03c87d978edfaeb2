internal import Diagnostics
internal import SICEABI
internal import StrictJSON

/// Status line and fields of an answer (RFC 9110, RFC 9112), as far as they say how long it is.
struct AnswerHead: Sendable {
    /// Where the body ends.
    enum Framing: Equatable {
        case none, chunked, untilTheEnd
        case counted(Int)
    }

    private(set) var status = 0
    private(set) var location: String?
    private var length: Int?
    private var isChunked = false

    var hasBegun: Bool { status != 0 }

    /// Takes the status line, then field by field. Throws `targetUnusable`.
    mutating func append(_ line: String) throws(ToolError) {
        guard hasBegun else {
            status = try AnswerHead.status(line)
            return
        }
        guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
            !line[..<colon].contains(where: \.isWhitespace)
        else { throw HTTPAnswer.fault("a field of its head is none") }
        let value = line[colon...].dropFirst().trimmingBlanks
        switch line[..<colon].lowercased() {
        case "content-length": try takeLength(value)
        case "transfer-encoding":
            guard value.lowercased() == "chunked", !isChunked else {
                throw HTTPAnswer.fault("Transfer-Encoding \(AnswerHead.quoted(value))")
            }
            isChunked = true
        case "content-encoding":
            // A megabyte may become a gigabyte. Nobody asked for it.
            guard value.isEmpty || value.lowercased() == "identity" else {
                throw HTTPAnswer.fault(
                    "Content-Encoding \(AnswerHead.quoted(value)), which was not asked for")
            }
        case "location": location = AnswerHead.quoted(value)
        default: break
        }
    }

    /// Throws `targetUnusable` for a head that contradicts itself.
    func framing() throws(ToolError) -> Framing {
        guard status != 204, status != 304 else { return .none }
        guard !isChunked || length == nil else { throw HTTPAnswer.fault("it says two lengths") }
        return isChunked ? .chunked : length.map { .counted($0) } ?? .untilTheEnd
    }

    /// The target's words, such that they cannot drive the reader's terminal.
    private static func quoted(_ value: Substring) -> String { JSON.string(String(value.prefix(200))).line }

    private static func status(_ line: String) throws(ToolError) -> Int {
        let words = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count > 1, words[0] == "HTTP/1.1" || words[0] == "HTTP/1.0", words[1].utf8.count == 3,
            let status = Int(words[1]), (100...599).contains(status), status != 101
        else { throw HTTPAnswer.fault("it is not HTTP") }
        return status
    }

    private mutating func takeLength(_ value: Substring) throws(ToolError) {
        guard value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(value) else {
            throw HTTPAnswer.fault("Content-Length \(AnswerHead.quoted(value))")
        }
        guard length == nil || length == count else { throw HTTPAnswer.fault("it says two lengths") }
        length = count
    }
}

extension Substring {
    /// Without the blanks around a field's value.
    var trimmingBlanks: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

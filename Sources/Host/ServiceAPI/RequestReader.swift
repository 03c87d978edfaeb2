internal import Diagnostics
public import SICEABI

/// Puts one request together from the bytes of a connection, however the network cuts them. It knows no sockets and no
/// clock; it holds no more than a head, the body that the head announces, and one piece.
public struct RequestReader: Sendable {
    /// What the bytes so far amount to.
    public enum Step: Equatable, Sendable {
        case more
        /// More, and the client waits for ``continueLine`` before it sends it.
        case moreOnceToldSo
        /// The request is there. What came behind it belongs to nothing: one connection carries one request.
        case complete(HTTPRequest, body: [UInt8])
        case refused(HTTPResponse)
    }

    /// RFC 9110 §15.2.1.
    public static let continueLine = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    private let routes: ServiceRoutes
    /// The head so far, or the body.
    private var bytes: [UInt8] = []
    /// How many of them hold no end of the head.
    private var looked = 0
    private var request: HTTPRequest?

    public init(_ routes: ServiceRoutes) { self.routes = routes }

    /// How many bytes it holds.
    public var count: Int { bytes.count }
    /// Whether there is anything of a request.
    public var hasBegun: Bool { request != nil || !bytes.isEmpty }

    /// Takes bytes. After ``Step/complete(_:body:)`` or ``Step/refused(_:)`` nothing more is to be given to it.
    public mutating func take(_ piece: some Collection<UInt8>) -> Step {
        bytes += piece
        do throws(HTTPRefusal) {
            if let request { return body(of: request) }
            dropEmptyLines()
            guard let end = try endOfHead() else { return .more }
            let request = try HTTPRequest(head: Array(bytes[..<end]))
            _ = try routes.route(request)
            bytes.removeFirst(end + 4)
            self.request = request
            let step = body(of: request)
            // Who sent some of the body already does not wait.
            return step == .more && request.expectsContinue && bytes.isEmpty ? .moreOnceToldSo : step
        } catch { return .refused(answer(error)) }
    }

    /// The answer to a client that ends its side before the request is complete; nil when it never began one.
    public func end() -> HTTPResponse? {
        guard hasBegun else { return nil }
        guard request != nil else { return answer(HTTPRefusal("the request ends in its head")) }
        return answer(HTTPRefusal(ToolError(.invalidArgument, "the request ends in its body"), status: 400))
    }

    /// The answer to a client that was too slow, or for which there is no room; nil when it never began a request.
    public func refusal(_ code: ErrorCode) -> HTTPResponse? {
        hasBegun ? HTTPResponse(ToolError(code)).toMethod(method) : nil
    }

    private func body(of request: HTTPRequest) -> Step {
        guard bytes.count >= request.contentLength else { return .more }
        return .complete(request, body: Array(bytes.prefix(request.contentLength)))
    }

    private func answer(_ refusal: HTTPRefusal) -> HTTPResponse { HTTPResponse(refusal).toMethod(method) }

    /// Also of a head that cannot be parsed: an answer to HEAD never has a body.
    private var method: String { request?.method ?? (bytes.starts(with: "HEAD ".utf8) ? "HEAD" : "") }

    /// Some clients send an empty line behind the request before (RFC 9112 §2.2).
    private mutating func dropEmptyLines() {
        var count = 0
        while bytes[count...].starts(with: [0x0D, 0x0A]) { count += 2 }
        guard count > 0 else { return }
        bytes.removeFirst(count)
        looked = 0
    }

    /// Where the head ends, without its empty line. The limit does not depend on how the network cuts it into pieces. A line
    /// feed alone is refused at once: who ends lines that way would wait for an answer as we for the end.
    private mutating func endOfHead() throws(HTTPRefusal) -> Int? {
        var end: Int?
        while end == nil, looked < bytes.count {
            let place = looked
            looked += 1
            guard bytes[place] == 0x0A else { continue }
            guard place > 0, bytes[place - 1] == 0x0D else {
                throw HTTPRefusal("a line does not end in carriage return and line feed")
            }
            if place >= 3, bytes[place - 2] == 0x0A { end = place - 3 }
        }
        guard end ?? (bytes.count - 3) <= HTTPRequest.mostHeadBytes else {
            throw HTTPRefusal("a head of more than \(HTTPRequest.mostHeadBytes) bytes", status: 431)
        }
        return end
    }
}

import Diagnostics
import SICEABI
import ServiceAPI
import Testing

/// Requests out of a connection's bytes.
@Suite struct RequestReaderTests {
    private static let get = "GET /v1/environments HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let call = "POST /v1/call?environment=1&operation=2 HTTP/1.1\r\nHost: x\r\n"

    /// Gives it bytes in pieces of that size, until it has an opinion.
    private func read(
        _ text: String, pieces: Int = .max, allowsCalls: Bool = true
    ) -> (step: RequestReader.Step, reader: RequestReader) {
        var reader = RequestReader(ServiceRoutes(allowsCalls: allowsCalls))
        var rest = Array(text.utf8)[...]
        var step = RequestReader.Step.more
        while step == .more, !rest.isEmpty {
            step = reader.take(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
        }
        return (step, reader)
    }

    private func refusal(_ text: String, allowsCalls: Bool = true) -> String {
        guard case .refused(let response) = read(text, allowsCalls: allowsCalls).step else { return "none" }
        return String(decoding: response.bytes, as: UTF8.self)
    }

    @Test(arguments: [1, 2, 3, 5, 1000]) func complete_however_itIsCut(_ pieces: Int) {
        for (text, body) in [
            (Self.get, ""), ("\r\n" + Self.get, ""), ("\r\n\r\n\r\n" + Self.get, ""),
            (Self.call + "Content-Length: 3\r\n\r\nabc", "abc"),
            (Self.call + "Content-Length: 2\r\n\r\n\r\n", "\r\n"),
        ] {
            guard case .complete(let request, let found) = read(text, pieces: pieces).step else {
                Issue.record("\(text) in pieces of \(pieces)")
                continue
            }
            #expect(request.path.hasPrefix("/v1/") && found == Array(body.utf8))
        }
    }

    /// One request each: what comes behind it is no part of it.
    @Test func complete_withoutWhatComesBehind() {
        guard
            case .complete(_, let body) = read(Self.call + "Content-Length: 3\r\n\r\nabcGET / HTTP/1.1\r\n")
                .step
        else { return #expect(Bool(false)) }
        #expect(body == Array("abc".utf8))
    }

    /// One byte more than the limit, in one piece with its end, or without end.
    @Test func limit_headsLength() {
        let start = "GET /v1/environments HTTP/1.1\r\nHost: x\r\nX: "
        let filler = String(repeating: "x", count: HTTPRequest.mostHeadBytes - start.utf8.count)
        for pieces in [7, .max] {
            guard case .complete = read(start + filler + "\r\n\r\n", pieces: pieces).step else {
                return #expect(Bool(false))
            }
            for end in ["x\r\n\r\n", String(repeating: "x", count: 100_000)] {
                guard case .refused(let response) = read(start + filler + end, pieces: pieces).step else {
                    return #expect(Bool(false))
                }
                #expect(response.status == 431)
            }
        }
    }

    /// At once: its sender waits for the answer, and would send no more.
    @Test func refuse_lineFeedAlone() {
        #expect(refusal("GET /v1/environments HTTP/1.1\n").hasPrefix("HTTP/1.1 400 "))
        #expect(refusal("\n").hasPrefix("HTTP/1.1 400 "))
    }

    /// Only a request that is taken is asked to go on.
    @Test(
        arguments: [
            ("POST /v1/call", "HTTP/1.1", 3, nil), ("POST /v1/activate", "HTTP/1.1", 3, nil),
            ("POST /v1/none", "HTTP/1.1", 3, 404), ("PUT /v1/call", "HTTP/1.1", 3, 405),
            ("GET /v1/call", "HTTP/1.1", 3, 405), ("POST /v1/environments", "HTTP/1.1", 3, 405),
            ("POST /v1/call", "HTTP/1.1", ServiceRoutes.mostCallBytes + 1, 413),
            ("POST /v1/activate", "HTTP/1.1", ServiceRoutes.mostBodyBytes + 1, 413),
            ("GET /v1/environments", "HTTP/1.1", ServiceRoutes.mostBodyBytes + 1, 413),
        ] as [(String, String, Int, Int?)])
    func sayContinue_toWhatIsTaken(_ start: String, _ version: String, _ length: Int, _ status: Int?) {
        let head =
            "\(start) \(version)\r\nHost: x\r\nContent-Length: \(length)\r\nExpect: 100-continue\r\n\r\n"
        switch read(head).step {
        case .moreOnceToldSo: #expect(status == nil)
        case .refused(let response): #expect(response.status == status)
        case .more, .complete: Issue.record("neither")
        }
    }

    @Test func sayNothing_toWhoDoesNotWait() {
        let fields = "Host: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
        #expect(read("POST /v1/activate HTTP/1.0\r\n" + fields).step == .more)
        #expect(read("POST /v1/activate HTTP/1.1\r\n" + fields + "a").step == .more)
        guard case .complete = read("POST /v1/activate HTTP/1.1\r\n" + fields + "abc").step else {
            return #expect(Bool(false))
        }
        guard case .complete = read(fieldsWithoutBody).step else { return #expect(Bool(false)) }
    }
    private let fieldsWithoutBody =
        "POST /v1/activate HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nExpect: 100-continue\r\n\r\n"

    @Test(arguments: [
        ("DELETE /v1/environments", "GET, HEAD"), ("POST /v1/evidence", "GET, HEAD"),
        ("OPTIONS /v1/enrollment", "GET, HEAD"),
        ("GET /v1/activate", "POST"), ("GET /v1/call", "POST"), ("HEAD /v1/call", "POST"),
    ])
    func name_methodsOfThePath(_ start: String, _ methods: String) {
        let answer = refusal("\(start) HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 405 Method Not Allowed\r\n"))
        #expect(answer.contains("\r\nAllow: \(methods)\r\n"))
    }

    /// An answer to HEAD has no body, whatever it is, and says how long it would be.
    @Test(arguments: [
        ("/v1/none HTTP/1.1\r\nHost: x", 404), ("/v1/call HTTP/1.1\r\nHost: x", 405), ("/ HTTP/1.1", 400),
    ])
    func sendNoBody_toHEAD(_ rest: String, _ status: Int) {
        let (head, get) = (refusal("HEAD \(rest)\r\n\r\n"), refusal("GET \(rest)\r\n\r\n"))
        #expect(head.hasPrefix("HTTP/1.1 \(status) ") && head.hasSuffix("\r\n\r\n"))
        #expect(!get.hasSuffix("\r\n\r\n"))
        #expect(!head.contains("Content-Length: 0\r\n"))
    }

    @Test func refuse_callsUnlessAllowed() {
        let answer = refusal(
            Self.call + "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n", allowsCalls: false)
        #expect(answer.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
        #expect(answer.contains(ErrorCode.callsNotAllowed.name) && answer.contains("--allow-calls"))
    }

    @Test(
        arguments: [
            ("", nil), ("\r\n", nil), ("GET / HT", .usage),
            (call + "Content-Length: 3\r\n\r\n", .invalidArgument),
            (call + "Content-Length: 3\r\n\r\nab", .invalidArgument),
        ] as [(String, ErrorCode?)])
    func end_beforeTheRequestIsComplete(_ text: String, _ code: ErrorCode?) {
        let response = read(text).reader.end()
        #expect(response?.status == code.map { _ in 400 })
        let body = String(decoding: response?.body ?? [], as: UTF8.self)
        #expect(code.map { body.contains($0.name) } ?? body.isEmpty)
    }
}

import Diagnostics
import SICEABI
import ServiceAPI
import Testing

/// Heads of requests, by RFC 9110 and RFC 9112.
@Suite struct HTTPRequestTests {
    @Test func parse_requestWithQueryAndLength() throws {
        let request = try parse(
            "POST /v1/call?environment=257&operation=2 HTTP/1.1\r\nHost: x\r\ncontent-length: 12\r\nExpect: 100-Continue"
        )
        #expect(request.method == "POST")
        #expect(request.path == "/v1/call")
        #expect(request.query == ["environment": "257", "operation": "2"])
        #expect(request.contentLength == 12)
        #expect(request.expectsContinue)
    }

    @Test func parse_requestWithoutBody() throws {
        let request = try parse("GET / HTTP/1.0")
        #expect(request.contentLength == 0)
        #expect(!request.expectsContinue)
    }

    /// What programs send that are not wrong.
    @Test(arguments: [
        "Content-Length: 5 ", "Content-Length:5\t", "Content-Length: \t 5 \t", "content-LENGTH: 005",
        "Accept: text/html\r\nAccept: application/json\r\nContent-Length: 5",
        "User-Agent: Köln/1 (😀)\r\nContent-Length: 5", "Empty:\r\nContent-Length: 5",
        "X!#$%&'*+.^_`|~-1: \"a:b\", c\r\nContent-Length: 5",
    ])
    func parse_fields(_ fields: String) throws {
        #expect(try parse("POST / HTTP/1.1\r\nHost: x\r\n" + fields).contentLength == 5)
    }

    /// Bytes of ISO 8859-1, which UTF-8 does not know.
    @Test func parse_fieldOfAnyCharacterSet() throws {
        let head = Array("GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: K".utf8) + [0xF6, 0x6C, 0x6E]
        #expect(try HTTPRequest(head: head).path == "/")
    }

    @Test(arguments: [
        ("http://host/v1/environments", "/v1/environments"), ("HTTP://[::1]:8080/a", "/a"),
        ("http://host", "/"),
        ("http://host?a=b", "/"), ("/http://x/", "/http://x/"), ("//", "//"),
    ])
    func parse_target(_ target: String, _ path: String) throws {
        let request = try parse("GET \(target) HTTP/1.1\r\nHost: other")
        #expect(request.path == path)
        #expect(request.query == (target.contains("?") ? ["a": "b"] : [:]))
    }

    @Test(arguments: ["", "host:8080", "[fe80::1]:80", "a_b.example"])
    func parse_host(_ host: String) throws {
        #expect(try parse("GET / HTTP/1.1\r\nHost: \(host)").path == "/")
    }

    /// Older clients send no Host, and do not know what `100 Continue` means.
    @Test(arguments: [("1.0", false), ("1.1", true), ("1.9", true)])
    func parse_expectationOfKnowingClientsOnly(_ version: String, _ expected: Bool) throws {
        let request = try parse(
            "POST / HTTP/\(version)\r\nHost: x\r\nContent-Length: 1\r\nExpect: other, 100-continue")
        #expect(request.expectsContinue == expected)
    }

    @Test(arguments: [
        "", "GET", "GET /", "GET / HTTP/2", "GET / http/1.1", "GET / HTTP/1.1x", "GET / HTTP/x.1",
        "GET x HTTP/1.1",
        "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "G(T / HTTP/1.1", "GET\t/\tHTTP/1.1",
        "GET /?a HTTP/1.1", "GET /?a=1&a=2 HTTP/1.1", "GET /#a HTTP/1.1", "GET /\u{e9} HTTP/1.1",
        "GET https://host/ HTTP/1.1", "GET http:/// HTTP/1.1", "GET http://user@host/ HTTP/1.1",
        "GET * HTTP/1.1",
        "CONNECT host:80 HTTP/1.1",
    ])
    func reject_malformedLine(_ line: String) {
        #expect(status(line + "\r\nHost: x") == 400)
    }

    @Test(arguments: [
        "nonsense", "A : b", "A\t: b", ": b", " folded: line", "A: b\r\n folded", "A: b\r\n\tfolded",
        "Ä: b", "A: b\u{0}",
        "A: b\u{7F}", "A: b\u{1B}[2J", "A: b\nC: d", "A: b\rC: d", "A: b\r", "A: b\n",
        "Content-Length: -1",
        "Content-Length: +1",
        "Content-Length:", "Content-Length: 1,1", "Content-Length: 0x1", "Content-Length: 1 1",
        "Content-Length: ٣",
        "Content-Length: 1\r\nContent-Length: 2", "Content-Length: 1\r\nContent-Length: 1", "Host: x",
        "Transfer-Encoding: chunked\r\nContent-Length: 1",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
    ])
    func reject_malformedField(_ field: String) {
        #expect(status("GET / HTTP/1.1\r\nHost: x\r\n" + field) == 400)
    }

    @Test(arguments: [
        ("GET / HTTP/1.1", 400), ("GET / HTTP/1.1\r\nHost: a b", 400), ("GET / HTTP/1.1\r\nHost: a/b", 400),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: b", 400), ("GET http://host/ HTTP/1.1", 400),
        ("GET / HTTP/2.0\r\nHost: x", 505), ("GET / HTTP/0.9\r\nHost: x", 505),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked", 411),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked", 501),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity", 501),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked", 400),
    ])
    func reject_head(_ head: String, _ expected: Int) { #expect(status(head) == expected) }

    /// A number is not malformed because it is large.
    @Test func parse_lengthBeyondAnyNumber() throws {
        let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999"
        #expect(try parse(head).contentLength == .max)
    }

    private func parse(_ head: String) throws -> HTTPRequest { try HTTPRequest(head: Array(head.utf8)) }

    /// The status of the refusal; each is the request's fault.
    private func status(_ head: String) -> Int? {
        let refusal = #expect(throws: HTTPRefusal.self) { _ = try parse(head) }
        #expect(refusal?.error.code == .usage)
        return refusal?.status
    }
}

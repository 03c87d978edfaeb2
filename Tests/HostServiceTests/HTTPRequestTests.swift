import Diagnostics
import HostService
import SICEABI
import Testing

@Suite struct HTTPRequestTests {
    @Test func parse_requestWithQueryAndLength() throws {
        let request = try parse(
            "POST /v1/call?environment=257&operation=2 HTTP/1.1\r\nHost: x\r\ncontent-length: 12\r\nExpect: 100-continue"
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

    @Test(arguments: [
        "", "GET", "GET /", "GET / HTTP/2", "GET x HTTP/1.1", "GET  / HTTP/1.1", "GET / HTTP/1.1 ",
        "GET /?a HTTP/1.1", "GET /?a=1&a=2 HTTP/1.1",
        "GET / HTTP/1.1\r\nnonsense", "GET / HTTP/1.1\r\nA : b", "GET / HTTP/1.1\r\n folded: line",
        "GET / HTTP/1.1\r\nContent-Length: -1", "GET / HTTP/1.1\r\nContent-Length: +1",
        "GET / HTTP/1.1\r\nContent-Length: 99999999999999999999",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked", "GET / HTTP/1.1\r\nA: b\nC: d",
        "GET /\u{e9} HTTP/1.1",
    ])
    func reject_malformedHead(_ head: String) {
        #expect { _ = try parse(head) } throws: { ($0 as? ToolError)?.code == .usage }
    }

    private func parse(_ head: String) throws -> HTTPRequest { try HTTPRequest(head: Array(head.utf8)) }
}

import Diagnostics
import Fixtures
import SICEABI
import StrictJSON
import Synchronization
import Testing

@testable import AttestClient

/// A target is the adversary: whatever it answers, we get bytes or a typed error.
@Suite(.timeLimit(.minutes(5))) struct TargetClientTests {
    private func get(_ server: CannedServer, timeout: Double = 60) async throws(ToolError) -> [UInt8] {
        try await TargetClient(url: server.url, timeout: timeout).get("/v1/evidence?nonce=00&environment=1")
    }

    private func get(_ answer: String) async throws(ToolError) -> [UInt8] {
        try await get(CannedServer(Array(answer.utf8)))
    }

    private func failure(_ server: CannedServer, timeout: Double = 60) async -> ToolError? {
        do throws(ToolError) {
            _ = try await get(server, timeout: timeout)
            return nil
        } catch { return error }
    }

    private func failure(_ answer: String) async -> ToolError? {
        await failure(CannedServer(Array(answer.utf8)))
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.0 200\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: CHUNKED\r\n\r\n1;a=b\r\na\r\n02 \r\nbc\r\n0\r\nTrailer: x\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\nabc",
        "HTTP/1.1 200 OK\nContent-Encoding: identity\nSet-Cookie: a=b\nCONTENT-LENGTH:\t3 \n\nabcdef",
    ])
    func accept_answer(_ answer: String) async throws {
        #expect(try await get(answer) == Array("abc".utf8))
    }

    /// What nobody asks for, nobody has to expand; and nothing is said that a machine needs not know.
    @Test func request_asksForPlainBytes() async throws {
        let server = CannedServer { visitor in
            let request = visitor.request()
            _ = visitor.send(
                Array("HTTP/1.1 200 OK\r\nContent-Length: \(request.utf8.count)\r\n\r\n\(request)".utf8))
        }
        let seen = try await TargetClient(url: server.url + "/machine/").post("/v1/call?a=b", bytes: [0x61])
        #expect(
            String(decoding: seen, as: UTF8.self) == """
                POST /machine/v1/call?a=b HTTP/1.1\r
                Host: 127.0.0.1:\(server.port)\r
                Accept-Encoding: identity\r
                Connection: close\r
                Content-Type: application/octet-stream\r
                Content-Length: 1\r
                \r
                a
                """)
    }

    @Test func reject_errorWithTheTargetsWordsQuoted() async throws {
        let body = #"{"schema": "sice.error/1", "code": "SICE-E0104", "message": "no\u001b[2J"}"#
        let error = await failure(
            "HTTP/1.1 404 Not Found\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        #expect(error?.code == .targetRefused)
        #expect(error?.detail.contains(#"status 404: "SICE-E0104: no\u001b[2J""#) == true)
    }

    /// As long as it may be, and a byte longer.
    @Test func limit_isExact() async throws {
        let body = String(repeating: "a", count: 1000)
        let answer = Array("HTTP/1.1 200 OK\r\n\r\n\(body)".utf8)
        #expect(try await TargetClient(url: CannedServer(answer).url).get("/", limit: 1000).count == 1000)
        let client = try TargetClient(url: CannedServer(answer).url)
        let error = await #expect(throws: ToolError.self) { try await client.get("/", limit: 999) }
        #expect(error?.code == .targetUnusable)
    }

    /// The target must not choose whom we talk to next.
    @Test(arguments: [301, 302, 303, 307, 308]) func reject_redirection(_ status: Int) async {
        let visits = Visits()
        let elsewhere = CannedServer { _ in visits.count.withLock { $0 += 1 } }
        let error = await failure(
            "HTTP/1.1 \(status) Go\r\nLocation: \(elsewhere.url)/\u{1B}\r\nContent-Length: 0\r\n\r\n")
        #expect(error?.code == .targetRefused)
        let words = "status \(status): it sends to \"\(elsewhere.url)/\\u001b\", which is not followed"
        #expect(error?.detail.hasSuffix(words) == true, "\(error?.detail ?? "")")
        #expect(visits.count.withLock { $0 } == 0)
    }

    /// However small it is, and whatever it would become.
    @Test(arguments: ["gzip", "x-gzip", "deflate", "br", "zstd", "gzip, gzip", "identity, gzip", "\u{1B}"])
    func reject_encodedAnswer(_ coding: String) async {
        let error = await failure(
            "HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\nContent-Length: 3\r\n\r\nabc")
        #expect(error?.code == .targetUnusable)
        let words = "Content-Encoding \(JSON.string(coding).line), which was not asked for"
        #expect(error?.detail.hasSuffix(words) == true, "\(error?.detail ?? "")")
    }

    /// The target can send no more than the limit and what the system's own buffers hold: we stopped reading.
    @Test(arguments: ["", "Transfer-Encoding: chunked\r\n"]) func reject_endlessAnswer(_ field: String) async
    {
        let sent = Visits()
        let server = CannedServer { visitor in
            _ = visitor.request()
            let data = [UInt8](repeating: 0x41, count: 1 << 16)
            let piece = field.isEmpty ? data : Array("10000\r\n".utf8) + data + [13, 10]
            _ = visitor.send(Array("HTTP/1.1 200 OK\r\n\(field)\r\n".utf8))
            while visitor.send(piece) { sent.count.withLock { $0 += piece.count } }
        }
        let error = await failure(server)
        #expect(error?.code == .targetUnusable)
        #expect(error?.detail.hasSuffix("it is longer than 1048576 bytes") == true)
        #expect(sent.count.withLock { $0 } < TargetClient.shortAnswer + 32 << 20)
    }

    /// A head, chunk sizes or trailers without an end, and lengths that are too much: nobody waits for what they announce.
    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 20_000),
        "HTTP/1.1 200 OK\r\nX: " + String(repeating: "y", count: 70_000),
        String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 5000),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
            + String(repeating: "X: y\r\n", count: 20_000),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + String(repeating: "0", count: 70_000),
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7FFFFFFFFFFFFFFF\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n",
    ])
    func reject_whatHasNoEnd(_ answer: String) async {
        let server = CannedServer { visitor in
            _ = visitor.request()
            _ = visitor.send(Array(answer.utf8))
            visitor.waitUntilGone()
        }
        #expect(await failure(server)?.code == .targetUnusable)
    }

    @Test(arguments: [
        "garbage\r\n\r\n", "HTTP/2 200\r\n\r\n", "HTTP/1.1 99 \r\n\r\n", "HTTP/1.1 +20 \r\n\r\n",
        "HTTP/1.1 101 Switch\r\n\r\n", "ICY 200 OK\r\n\r\n", "\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
        "HTTP/1.1 200 OK\r\nno field\r\n\r\n", "HTTP/1.1 200 OK\r\n folded: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000000\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
    ])
    func reject_whatIsNoAnswer(_ answer: String) async {
        #expect(await failure(answer)?.code == .targetUnusable)
    }

    @Test(arguments: [
        ("", "it closed the connection"), ("HTTP/1.1 200", "it closed the connection"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
            "it broke off: 5 bytes of the answer have come"
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "it broke off: 3 bytes of the answer have come"
        ),
    ])
    func reject_brokenAnswer(_ answer: String, _ reason: String) async {
        let error = await failure(answer)
        #expect(error?.code == .targetUnreachable)
        #expect(error?.detail.hasSuffix(reason) == true, "\(error?.detail ?? "")")
    }

    @Test func reject_whereNobodyListens() async throws {
        let server = CannedServer([])
        _ = await failure(server)
        // It listens no more.
        let error = await failure(server)
        #expect(error?.code == .targetUnreachable)
        #expect(error?.detail == "\(server.url): Connection refused")
    }

    @Test func reject_hostWithoutAddress() async throws {
        let client = try TargetClient(url: "http://no-such-host.invalid")
        let error = await #expect(throws: ToolError.self) { try await client.get("/") }
        #expect(error?.code == .targetUnreachable)
        #expect(error?.detail.hasPrefix("http://no-such-host.invalid: no-such-host.invalid: ") == true)
    }
}

/// A number that a server's thread counts.
final class Visits: Sendable {
    let count = Mutex(0)
}

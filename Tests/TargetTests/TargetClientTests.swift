import CannedServer
import Diagnostics
import SICEABI
import Target
import Testing

/// A target is the adversary: whatever it answers, we get bytes or a typed error.
@Suite struct TargetClientTests {
    private func get(_ answer: String, body: [UInt8] = []) async throws(ToolError) -> [UInt8] {
        let server = CannedServer(Array(answer.utf8) + body)
        return try await TargetClient(url: server.url).get("/v1/evidence?nonce=00&environment=1")
    }

    private func code(_ answer: String, body: [UInt8] = []) async -> ErrorCode? {
        do throws(ToolError) {
            _ = try await get(answer, body: body)
            return nil
        } catch { return error.code }
    }

    @Test func accept_answer() async throws {
        #expect(try await get("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc") == Array("abc".utf8))
    }

    @Test func reject_errorWithTheTargetsWordsQuoted() async throws {
        let body = #"{"schema": "sice.error/1", "code": "SICE-E0104", "message": "no\u001b[2J"}"#
        let answer = "HTTP/1.1 404 Not Found\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        let error = await #expect(throws: ToolError.self) { try await get(answer) }
        #expect(error?.code == .targetRefused)
        #expect(error?.detail.contains(#"status 404: "SICE-E0104: no\u001b[2J""#) == true)
    }

    @Test func reject_redirection() async {
        #expect(
            await code("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")
                == .targetRefused)
    }

    @Test func reject_endlessAnswer() async {
        let body = [UInt8](repeating: 0x41, count: 20 << 20)
        #expect(await code("HTTP/1.1 200 OK\r\n\r\n", body: body) == .targetRefused)
    }

    @Test(arguments: ["", "garbage\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"])
    func reject_brokenAnswer(_ answer: String) async {
        #expect(await code(answer) == .targetUnreachable)
    }

    @Test(arguments: ["", "127.0.0.1:80", "ftp://127.0.0.1", "http://", "file:///etc/passwd"])
    func reject_otherAddress(_ url: String) {
        let error = #expect(throws: ToolError.self) { try TargetClient(url: url) }
        #expect(error?.code == .usage)
    }
}

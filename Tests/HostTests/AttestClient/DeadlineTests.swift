import AttestClient
import Diagnostics
import Fixtures
import Glibc
import SICEABI
import Testing

/// An exchange ends when its time is over, whatever the target does: each of these would go on for ever.
@Suite(.timeLimit(.minutes(5))) struct DeadlineTests {
    private func failure(
        _ body: [UInt8] = [], serving: @escaping @Sendable (Visitor) -> Void
    ) async throws -> ToolError? {
        let client = try TargetClient(url: CannedServer(serving: serving).url, timeout: 0.5)
        return await #expect(throws: ToolError.self) { try await client.post("/", bytes: body) }
    }

    @Test func silence() async throws {
        let error = try await failure { visitor in
            _ = visitor.request()
            visitor.waitUntilGone()
        }
        #expect(error?.code == .targetTimedOut)
        #expect(error?.detail.hasSuffix("after 0.5 s: no answer yet") == true, "\(error?.detail ?? "")")
    }

    /// Each byte is news, and none of them gives more time.
    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"])
    func byteByByte(_ start: String) async throws {
        let error = try await failure { visitor in
            _ = visitor.request()
            var goesOn = visitor.send(Array(start.utf8))
            for byte in "HTTP/1.1 100 A\r\n\r\n".utf8 where start.isEmpty && goesOn {
                goesOn = visitor.send([byte])
            }
            while goesOn { goesOn = visitor.send([0x41]) && pause() }
        }
        #expect(error?.code == .targetTimedOut)
    }

    /// A target that takes nothing of a request that its buffers cannot hold.
    @Test func requestThatNobodyReads() async throws {
        let size = 64 << 20
        let error = try await failure([UInt8](repeating: 0, count: size)) { $0.waitUntilGone() }
        #expect(error?.code == .targetTimedOut)
        #expect(error?.detail.contains("bytes of the request") == true, "\(error?.detail ?? "")")
    }

    /// Who refuses a request without having read it is heard.
    @Test func answerBeforeTheRequestIsSent() async throws {
        let error = try await failure([UInt8](repeating: 0, count: 64 << 20)) { visitor in
            _ = visitor.send(Array("HTTP/1.1 413 Large\r\nContent-Length: 0\r\n\r\n".utf8))
            visitor.waitUntilGone()
        }
        #expect(error?.code == .targetRefused)
        #expect(error?.detail.hasSuffix("status 413") == true)
    }
}

private func pause() -> Bool {
    usleep(20_000)
    return true
}

import Diagnostics
import HostService
import ManagerClient
import SICEABI
import StrictJSON
import Testing

@Suite struct HostServiceTests {
    let backend: SimulatedBackend
    let nonce = String(repeating: "ab", count: 32)

    init() throws { backend = try SimulatedBackend() }

    @Test func environments_areListed() throws {
        let answer = try get("GET /v1/environments")
        #expect(answer.status == 200)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains(#""schema": "sice.environments/1""#))
        #expect(text.contains(#""state": "runnable""#))
        #expect(text.contains(#""id": \#(backend.identifier)"#))
    }

    @Test func call_returnsTheWorkloadsAnswer() throws {
        let answer = try get(
            "POST /v1/call?environment=\(backend.identifier)&operation=1", body: [1, 2, 3])
        #expect(answer.status == 200)
        #expect(answer.contentType == "application/octet-stream")
        #expect(answer.body == [3, 2, 1])
    }

    @Test(arguments: [
        ("GET /v1/nothing", 404, ErrorCode.usage), ("DELETE /v1/environments", 405, .usage),
        ("GET /v1/call", 405, .usage), ("POST /v1/call", 400, .usage),
        ("POST /v1/call?environment=4711&operation=1", 404, .noSuchEnvironment),
        ("POST /v1/call?environment=x&operation=1", 400, .usage),
        ("GET /v1/evidence?environment=1&nonce=00", 400, .invalidArgument),
        ("GET /v1/evidence?environment=1&nonce=\(String(repeating: "AB", count: 32))", 400, .invalidArgument),
        (
            "GET /v1/evidence?environment=4711&nonce=\(String(repeating: "ab", count: 32))", 404,
            .noSuchEnvironment
        ),
        ("GET /v1/enrollment", 503, .noTPMDevice), ("POST /v1/activate", 400, .invalidArgument),
    ])
    func reject_badRequest(_ line: String, _ status: Int, _ code: ErrorCode) throws {
        let answer = try get(line)
        #expect(answer.status == status)
        #expect(answer.contentType == "application/json")
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains(#""schema": "sice.error/1""#))
        #expect(text.contains("\"code\": \"\(code.name)\""))
    }

    @Test func reject_evidenceWithoutTPM() throws {
        let answer = try get("GET /v1/evidence?environment=\(backend.identifier)&nonce=\(nonce)")
        #expect(answer.status == 503)
    }

    @Test func reject_activationOfTheWrongShape() throws {
        for text in [
            "{", "{}", #"{"schema":"sice.activation/2"}"#,
            #"{"schema":"sice.activation/1","credential_blob":"AA=="}"#,
            #"{"schema":"sice.activation/1","credential_blob":"A","encrypted_secret":"AA=="}"#,
        ] {
            #expect(try get("POST /v1/activate", body: Array(text.utf8)).status == 400)
        }
        let large = [UInt8](repeating: 0x20, count: 70_000)
        #expect(try get("POST /v1/activate", body: large).status == 400)
    }

    private func get(_ line: String, body: [UInt8] = []) throws -> HTTPResponse {
        let request = try HTTPRequest(
            head: Array("\(line) HTTP/1.1\r\nContent-Length: \(body.count)".utf8))
        var source = ArraySource(body)
        return HostService(backend).answer(request, body: &source)
    }
}

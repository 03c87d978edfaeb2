import Diagnostics
import EvidenceFormat
import SICEABI
import ServiceAPI
import StrictJSON
import Testing

@Suite struct HostServiceTests {
    let backend: SimulatedBackend

    init() throws { backend = try SimulatedBackend() }

    @Test func environments_areListed() throws {
        let answer = try get("GET /v1/environments")
        #expect(answer.status == 200)
        let text = String(decoding: answer.body, as: UTF8.self)
        #expect(text.contains(#""schema": "sice.environments/1""#))
        #expect(text.contains(#""state": "runnable""#))
        #expect(text.contains(#""id": \#(backend.identifier)"#))
        let listing = try EnvironmentListing(answer.body)
        #expect(listing.environments.map(\.identifier) == [backend.identifier])
        #expect(listing.json.text == text)
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
        ("HEAD /v1/call", 405, .usage), ("POST /v1/call", 400, .usage),
        ("POST /v1/call?environment=4711&operation=1", 404, .noSuchEnvironment),
        ("POST /v1/call?environment=x&operation=1", 400, .usage),
        ("GET /v1/evidence?environment=1&nonce=00", 400, .invalidArgument),
        ("GET /v1/evidence?environment=1&nonce=\(String(repeating: "Ag", count: 32))", 400, .invalidArgument),
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

    /// The manager has reported by then: the nonce was taken, in either case.
    @Test(arguments: ["ab", "AB", "aB"]) func reject_evidenceWithoutTPM(_ digits: String) throws {
        let nonce = String(repeating: digits, count: 32)
        let answer = try get("GET /v1/evidence?environment=\(backend.identifier)&nonce=\(nonce)")
        #expect(answer.status == 503)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(ErrorCode.noTPMDevice.name))
    }

    @Test func head_isGetWithoutBody() throws {
        let (head, get) = (try get("HEAD /v1/environments").bytes, try get("GET /v1/environments").bytes)
        #expect(get.starts(with: head) && head.suffix(4) == [13, 10, 13, 10] && head.count < get.count)
    }

    @Test func call_isForbiddenUnlessAllowed() throws {
        let answer = try get(
            "POST /v1/call?environment=\(backend.identifier)&operation=1", body: [1], allowsCalls: false)
        #expect(answer.status == 403)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(ErrorCode.callsNotAllowed.name))
        #expect(try get("GET /v1/environments", allowsCalls: false).status == 200)
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
        #expect(try get("POST /v1/activate", body: large).status == 413)
    }

    /// What `sice` asks for, and nobody else is answered.
    @Test func control_isRootsOnly() throws {
        let nonce = String(repeating: "ab", count: 32)
        let lines = [
            "GET /v1/info", "GET /v1/report?environment=\(backend.identifier)&nonce=\(nonce)",
            "POST /v1/destroy?environment=\(backend.identifier)",
        ]
        for line in lines {
            #expect(try get(line).status == 404, "\(line)")
            #expect(try get(line, routes: .control).status == 200, "\(line)")
        }
        let gone = try get(lines[2], routes: .control)
        #expect(gone.status == 404 && ServiceError(json: gone.body)?.error.code == .noSuchEnvironment)
        #expect(try get("GET /v1/report?environment=1", routes: .control).status == 400)
    }

    @Test(arguments: ["/v1/environments", "/v1/info"]) func format_isForProgramsOrPeople(
        _ path: String
    ) throws {
        let text = try get("GET \(path)?format=text", routes: .control)
        #expect(text.contentType == "text/plain; charset=utf-8" && text.body.last == 10)
        #expect(text.body.starts(with: path == "/v1/info" ? "interface ".utf8 : "ID ".utf8))
        let json = try get("GET \(path)?format=json", routes: .control)
        #expect(json.contentType == "application/json")
        #expect(json == (try get("GET \(path)", routes: .control)))
    }

    private func get(
        _ line: String, body: [UInt8] = [], allowsCalls: Bool = true, routes: ServiceRoutes? = nil
    ) throws -> HTTPResponse {
        let request = try HTTPRequest(
            head: Array("\(line) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)".utf8))
        return HostService(backend).answer(
            request, body: body, routes: routes ?? ServiceRoutes(allowsCalls: allowsCalls))
    }
}

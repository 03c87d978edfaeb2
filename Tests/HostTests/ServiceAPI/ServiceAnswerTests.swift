import Diagnostics
import SICEABI
import ServiceAPI
import StrictJSON
import Testing

/// What the service writes and its client reads.
@Suite struct ServiceAnswerTests {
    @Test(arguments: [
        ToolError(.noSuchEnvironment, "environment 4711"), ToolError(.usage), ToolError(.usage, "a (b) c"),
        ToolError(.callsNotAllowed), ToolError(.callsNotAllowed, "x"), ToolError(.callAbandoned),
        ToolError(.managerTaken, "process 1 (a b)"),
    ])
    func error_goesRound(_ error: ToolError) throws {
        #expect(ServiceError(json: Array(ServiceError(error).json.text.utf8))?.error == error)
        let answer = try #require(ServiceAnswer(HTTPResponse(error).bytes))
        #expect(answer.status == HTTPResponse(error).status && answer.status >= 400)
        let thrown = #expect(throws: ToolError.self) { _ = try answer.result() }
        #expect(thrown == error)
    }

    @Test(arguments: [[], [1, 2, 3], Array("\r\n\r\n".utf8)]) func body_goesRound(_ body: [UInt8]) throws {
        #expect(try ServiceAnswer(HTTPResponse(body).bytes)?.result() == body)
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n1",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n1",
        "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n1", "HTTP/1.1 x OK\r\nContent-Length: 1\r\n\r\n1",
        "HTTP/1.1 200\r\nContent-Length: -1\r\n\r\n",
    ])
    func reject_whatIsNoAnswer(_ text: String) { #expect(ServiceAnswer(Array(text.utf8)) == nil) }

    @Test(arguments: [
        "", "{}", #"{"schema":"sice.error/2","code":"SICE-E0911","message":"The request is not right."}"#,
        #"{"schema":"sice.error/1","code":"SICE-E9999","message":""}"#,
        #"{"schema":"sice.error/1","code":"E0911","message":"The request is not right."}"#,
        #"{"schema":"sice.error/1","code":"SICE-E0911","message":"Something else."}"#,
    ])
    func reject_errorThatIsUnknown(_ text: String) throws {
        #expect(ServiceError(json: Array(text.utf8)) == nil)
        let head = "HTTP/1.1 500 X\r\nContent-Length: \(text.utf8.count)\r\n\r\n"
        let answer = try #require(ServiceAnswer(Array((head + text).utf8)))
        let error = #expect(throws: ToolError.self) { _ = try answer.result() }
        #expect(error?.code == .daemonUnusable)
    }
}

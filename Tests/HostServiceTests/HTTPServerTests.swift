import Diagnostics
import Foundation
import Glibc
import HostService
import SICEABI
import Testing

/// The socket side, over the loopback interface.
@Suite(.serialized) struct HTTPServerTests {
    @Test func serve_answersOneRequest() throws {
        let answer = try exchange("GET /v1/environments HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.contains("sice.environments/1"))
    }

    @Test func serve_saysContinueBeforeTheBody() throws {
        let answer = try exchange(
            "POST /v1/none HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc")
        #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 "))
    }

    @Test func reject_headWithoutEnd() throws {
        #expect(try exchange(String(repeating: "x", count: 20_000)).hasPrefix("HTTP/1.1 400 "))
        #expect(try exchange("GET / HT").hasPrefix("HTTP/1.1 400 "))
    }

    /// One byte more than the limit, in one piece with its end.
    @Test(arguments: [(0, "200"), (1, "400")])
    func reject_headLongerThanTheLimit(_ excess: Int, _ status: String) throws {
        let start = "GET /v1/environments HTTP/1.1\r\nX: "
        let filler = String(repeating: "x", count: HTTPRequest.mostHeadBytes - start.utf8.count + excess)
        #expect(try exchange(start + filler + "\r\n\r\n").hasPrefix("HTTP/1.1 \(status) "))
    }

    @Test func reject_bodyThatEndsEarly() throws {
        let answer = try exchange("POST /v1/activate HTTP/1.1\r\nContent-Length: 100\r\n\r\n{}")
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.contains(ErrorCode.invalidArgument.name))
    }

    @Test func reject_portThatIsTaken() throws {
        let first = try HTTPServer(port: 0, loopbackOnly: true)
        #expect { _ = try HTTPServer(port: first.port, loopbackOnly: true) } throws: {
            ($0 as? ToolError)?.code == .portInUse
        }
    }

    /// Sends bytes, ends the sending side, and returns all that comes back.
    private func exchange(_ request: String) throws -> String {
        let server = try HTTPServer(port: 0, loopbackOnly: true)
        let client = try #require(connect(to: server.port))
        defer { close(client) }
        _ = unsafe request.utf8CString.withUnsafeBytes {
            unsafe write(client, $0.baseAddress!, request.utf8.count)
        }
        shutdown(client, Int32(SHUT_WR))
        server.serveOne(with: HostService(try SimulatedBackend()))
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = unsafe read(client, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: answer, as: UTF8.self) }
            answer += buffer[..<count]
        }
    }

    private func connect(to port: UInt16) -> Int32? {
        let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(client, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return result == 0 ? client : nil
    }
}

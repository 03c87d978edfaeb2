import Diagnostics
import Foundation
import Glibc
import LinuxSystem
import SICEABI
import ServiceAPI
import SystemPackage
import Testing

@testable import HTTPTransport

/// The socket side, over the loopback interface.
@Suite struct HTTPServerTests {
    private static let list = "GET /v1/environments HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let call =
        "POST /v1/call?environment=256&operation=1 HTTP/1.1\r\nHost: x\r\nContent-Length: "
    private let ok = "HTTP/1.1 200 OK\r\n"

    @Test func serve_oneRequestAfterTheOther() throws {
        let service = try TestService()
        for _ in 0..<3 {
            let answer = try service.exchange(Self.list)
            #expect(answer.hasPrefix(ok) && answer.contains("sice.environments/1"))
        }
    }

    /// Clients that are silent, that are slow in a head or in a body, and that keep their connection after the answer.
    @Test func serve_besideClientsThatTakeTheirTime() throws {
        let service = try TestService()
        let starts = ["", "G", "GET /v1/environments HTTP/1.1\r\n", Self.call + "12\r\n\r\nabc", Self.list]
        let clients = try starts.flatMap { start in
            try (0..<4).map { _ in
                let client = try service.connect()
                client.send(start)
                return client
            }
        }
        for _ in 0..<3 { #expect(try service.exchange(Self.list).hasPrefix(ok)) }
        clients[12].send("defghi")
        clients[12].send("jkl")
        let answer = clients[12].answer()
        #expect(answer.hasPrefix(ok) && answer.hasSuffix("\r\n\r\nlkjihgfedcba"))
    }

    /// The manager is asked when the last byte of the body is there, not before.
    @Test func askNobody_beforeTheBodyIsThere() throws {
        let service = try TestService()
        service.machine.close()
        let slow = try service.connect()
        slow.send(Self.call + "4\r\n\r\nabc")
        let other = try service.connect()
        other.send(Self.list)
        service.machine.waitForSomebody()
        service.machine.open()
        #expect(other.answer().contains("sice.environments/1"))
        slow.send("d")
        service.machine.waitForSomebody()
        #expect(slow.answer().hasSuffix("\r\n\r\ndcba"))
    }

    @Test func serve_fortyAtOnce() throws {
        let service = try TestService()
        service.machine.close()
        let clients = try (0..<40).map { _ in try service.connect() }
        for client in clients { client.send(Self.list) }
        service.machine.open()
        for client in clients { #expect(client.answer().hasPrefix(ok)) }
    }

    /// While the machine is busy, what needs no machine is answered.
    @Test func refuse_whileAnotherAnswerIsMade() throws {
        let service = try TestService()
        service.machine.close()
        let first = try service.connect()
        first.send(Self.list)
        service.machine.waitForSomebody()
        #expect(try service.exchange("GET /none HTTP/1.1\r\nHost: x\r\n\r\n").hasPrefix("HTTP/1.1 404 "))
        service.machine.open()
        #expect(first.answer().hasPrefix(ok))
    }

    @Test func sayContinue_beforeTheBody() throws {
        let service = try TestService()
        let client = try service.connect()
        client.send(Self.call + "3\r\nExpect: 100-continue\r\n\r\n")
        let word = "HTTP/1.1 100 Continue\r\n\r\n"
        #expect(client.answer(until: word) == word)
        client.send("abc")
        #expect(client.answer().hasSuffix("\r\n\r\ncba"))
    }

    @Test func refuse_requestThatEndsEarly() throws {
        let service = try TestService()
        for (text, code) in [
            ("GET / HT", ErrorCode.usage),
            ("POST /v1/activate HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{}", .invalidArgument),
        ] {
            let client = try service.connect()
            client.send(text)
            client.endSending()
            let answer = client.answer()
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains(code.name))
        }
    }

    /// The answer comes through though the client sends on, and far more than anybody reads at once.
    @Test func refuse_clientThatSendsOn() throws {
        let service = try TestService()
        let client = try service.connect()
        client.send("POST /v1/none HTTP/1.1\r\nHost: x\r\nContent-Length: 8000000\r\n\r\n")
        client.send(String(repeating: "x", count: 8_000_000))
        #expect(client.answer().hasPrefix("HTTP/1.1 404 "))
    }

    /// A request that takes too long, and an answer that nobody takes: both end by themselves.
    @Test func end_whatTakesTooLong() throws {
        var limits = TransportLimits()
        (limits.request, limits.farewell) = (50, 50)
        let service = try TestService(limits: limits)
        let (silent, slow, answered) = (try service.connect(), try service.connect(), try service.connect())
        slow.send("GET /v1")
        answered.send(Self.list)
        #expect(answered.answer().hasPrefix(ok))
        #expect(slow.answer().hasPrefix("HTTP/1.1 408 "))
        #expect(silent.answer().isEmpty)
    }

    @Test func takeThePlace_ofWhoIsSilent() throws {
        var limits = TransportLimits()
        (limits.connections, limits.silence) = (3, 0)
        let service = try TestService(limits: limits)
        let silent = try (0..<3).map { _ in try service.connect() }
        #expect(try service.exchange(Self.list).hasPrefix(ok))
        #expect(silent[0].answer().isEmpty)
        silent[2].send(Self.list)
        #expect(silent[2].answer().hasPrefix(ok))
    }

    /// Those who have asked keep their places; the next ones come in when one is free.
    @Test func wait_forAPlace() throws {
        var limits = TransportLimits()
        limits.connections = 2
        let service = try TestService(limits: limits)
        service.machine.close()
        let clients = try (0..<5).map { _ in
            let client = try service.connect()
            client.send(Self.list)
            return client
        }
        service.machine.waitForSomebody()
        service.machine.open()
        for client in clients { #expect(client.answer().hasPrefix(ok)) }
    }

    @Test func refuse_moreThanMayWait() throws {
        var limits = TransportLimits()
        limits.waiting = 1
        let service = try TestService(limits: limits)
        service.machine.close()
        let (first, second) = (try service.connect(), try service.connect())
        first.send(Self.list)
        service.machine.waitForSomebody()
        second.send(Self.list)
        let third = try service.exchange(Self.list)
        #expect(third.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(third.contains("\r\nRetry-After: 1\r\n") && third.contains(ErrorCode.serviceBusy.name))
        service.machine.open()
        #expect(first.answer().hasPrefix(ok) && second.answer().hasPrefix(ok))
    }

    @Test func refuse_bodyThatDoesNotFit() throws {
        var limits = TransportLimits()
        limits.heldBytes = 100_000
        let service = try TestService(limits: limits)
        let client = try service.connect()
        client.send(Self.call + "300000\r\n\r\n" + String(repeating: "x", count: 200_000))
        #expect(client.answer().hasPrefix("HTTP/1.1 503 "))
        #expect(try service.exchange(Self.list).hasPrefix(ok))
    }

    /// Stops the service while it makes an answer and another request has only begun, which gets none. Gives the client
    /// that waits for the answer.
    private func stopDuringAnAnswer(_ service: TestService) throws -> TestClient {
        service.machine.close()
        let (asked, began) = (try service.connect(), try service.connect())
        asked.send(Self.list)
        began.send("GET ")
        service.machine.waitForSomebody()
        service.stop.send()
        #expect(began.answer().isEmpty)
        return asked
    }

    @Test func stop_afterTheAnswerUnderWay() throws {
        let service = try TestService()
        let asked = try stopDuringAnAnswer(service)
        service.machine.open()
        #expect(asked.answer().hasPrefix(ok))
        try service.end()
    }

    /// Asked twice, it waits for nobody.
    @Test func stop_atOnce() throws {
        let service = try TestService()
        let asked = try stopDuringAnAnswer(service)
        service.stop.send()
        try service.end()
        #expect(asked.answer().isEmpty)
    }

    /// A listener that is none any more: the service says so instead of asking for ever.
    @Test func end_whenNobodyCanConnect() throws {
        let service = try TestService()
        #expect(try service.exchange(Self.list).hasPrefix(ok))
        shutdown(service.listener.file.descriptor.rawValue, Int32(SHUT_RDWR))
        let error = #expect(throws: ToolError.self) { try service.end() }
        #expect(error?.code == .serviceFailed)
        #expect(error?.detail == "accept: Invalid argument")
    }

    @Test func reject_addressThatCannotBeHad() throws {
        let first = try Listener(ListeningAddress("127.0.0.1", port: 0))
        let taken = try #require(first.address).port
        for (address, port, code) in [
            ("127.0.0.1", taken, ErrorCode.portInUse), ("0.0.0.0", taken, .portInUse),
            ("192.0.2.1", 0, .invalidArgument),
        ] {
            let error = #expect(throws: ToolError.self) {
                _ = try Listener(ListeningAddress(address, port: port))
            }
            #expect(error?.code == code, "\(address)")
        }
        for text in ["", "localhost", "127.0.0.1:8080", "[::1]", "127.1", "1.2.3.256"] {
            let error = #expect(throws: ToolError.self) { _ = try ListeningAddress(text, port: 0) }
            #expect(error?.code == .usage, "\(text)")
        }
    }

    @Test(arguments: [("127.0.0.1", "127.0.0.1:80"), ("::1", "[::1]:80"), ("::", "[::]:80")])
    func name_address(_ text: String, _ name: String) throws {
        #expect("\(try ListeningAddress(text, port: 80))" == name)
    }
}

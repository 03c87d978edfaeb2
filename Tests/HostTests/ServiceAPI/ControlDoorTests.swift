import Diagnostics
import Foundation
import Glibc
import LinuxSystem
import SICEABI
import ServiceAPI
import SystemPackage
import Testing

@testable import HTTPTransport
@testable import LegacyHost

/// Root's door beside that of verifiers, and `sice`'s way through it.
@Suite struct ControlDoorTests {
    private static let list = "GET /v1/environments HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let endless =
        "POST /v1/call?environment=256&operation=99 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx"
    private let ok = "HTTP/1.1 200 OK\r\n"

    private func ask(
        _ path: String, _ method: String, _ target: String, _ body: [UInt8] = [], isCall: Bool = false
    ) throws -> [UInt8] {
        guard let client = try ServiceClient.connect(path) else { throw ToolError(.targetUnreachable) }
        return try client.ask(method, target, body: body, isCall: isCall)
    }

    @Test func sice_asksThroughTheSocket() throws {
        let service = try TestService()
        let text = String(decoding: try ask(service.path, "GET", "/v1/info?format=text"), as: UTF8.self)
        #expect(text.hasPrefix("interface \(ABI.version)\n"))
        let target = "/v1/call?environment=256&operation=1"
        #expect(try ask(service.path, "POST", target, [1, 2, 3], isCall: true) == [3, 2, 1])
        let error = #expect(throws: ToolError.self) {
            _ = try ask(service.path, "POST", "/v1/destroy?environment=4711")
        }
        #expect(error == ToolError(.noSuchEnvironment, "environment 4711"))
    }

    @Test func socket_isItsUsersOnly() throws {
        let service = try TestService()
        let attributes = try FileManager.default.attributesOfItem(atPath: service.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let place = try SocketPlace(service.path + "-other", for: geteuid() + 1)
        let listener = try place.listen()
        let client = try TestClient(path: service.path + "-other")
        let connection = try listener.accept()
        #expect(PeerProcess(connection.descriptor.rawValue) != nil && !place.admits(connection))
        client.endSending()
        #expect(try SocketPlace(service.path + "-mine").admits(connection))
    }

    @Test func socket_hasOneListener() throws {
        let service = try TestService()
        let error = #expect(throws: ToolError.self) { _ = try Listener(socket: service.path) }
        #expect(error?.code == .portInUse)
        #expect(try ask(service.path, "GET", "/v1/environments").count > 0)
        service.stop.send()
        try service.end()
    }

    /// What a dead process left is taken over; nobody there is no error, but the caller's own business.
    @Test func socket_afterItsListenersDeath() throws {
        let path = FileManager.default.temporaryDirectory.path + "/siced-\(UUID().uuidString)"
        let isAbsent = try ServiceClient.connect(path) == nil
        let address = try #require(SocketAddress(path: path))
        try OpenFile(socketFor: address).bind(to: address)
        let isDead = try ServiceClient.connect(path) == nil
        #expect(isAbsent && isDead)
        let listener = try Listener(socket: path)
        let isThere = try ServiceClient.connect(path) != nil
        #expect(isThere && listener.address == nil)
    }

    /// A workload that never answers keeps its caller only, and that one not for ever.
    @Test func list_besideACallThatNeverEnds() throws {
        var limits = TransportLimits()
        limits.call = 200
        let service = try TestService(limits: limits)
        let caller = try service.connect()
        caller.send(Self.endless)
        service.machine.waitForSomebody()
        #expect(try service.exchange(Self.list).hasPrefix(ok))
        let answer = caller.answer()
        #expect(answer.hasPrefix("HTTP/1.1 504 Gateway Timeout\r\n"))
        #expect(answer.contains(ErrorCode.callAbandoned.name))
    }

    /// Root's call has no limit but its caller's patience: with the caller it ends, and its thread is free again.
    @Test func call_endsWithItsCaller() throws {
        var limits = TransportLimits()
        (limits.call, limits.calls) = (1, 1)
        let service = try TestService(limits: limits)
        var caller: TestClient? = try TestClient(path: service.path)
        caller?.send(Self.endless)
        service.machine.waitForSomebody()
        let next = try TestClient(path: service.path)
        next.send(Self.endless.replacingOccurrences(of: "operation=99", with: "operation=1"))
        #expect(try service.exchange(Self.list).hasPrefix(ok))
        caller = nil
        #expect(next.answer().hasPrefix(ok) && caller == nil)
    }

    /// Verifiers can take neither root's places nor its turn.
    @Test func root_isServedBesideAFlood() throws {
        var limits = TransportLimits()
        (limits.connections, limits.waiting) = (3, 2)
        let service = try TestService(limits: limits)
        service.machine.close()
        let flood = try (0..<6).map { _ in
            let client = try service.connect()
            client.send(Self.list)
            return client
        }
        service.machine.waitForSomebody()
        let root = try TestClient(path: service.path)
        root.send(Self.list)
        service.machine.open()
        #expect(root.answer().hasPrefix(ok))
        for client in flood {
            let answer = client.answer()
            #expect(answer.hasPrefix(ok) || answer.hasPrefix("HTTP/1.1 503 "))
        }
    }

    /// One thread of calls is root's, however many verifiers wait for workloads that never answer.
    @Test func root_isServedBesideVerifiersCalls() throws {
        var limits = TransportLimits()
        limits.calls = 2
        let service = try TestService(limits: limits)
        let callers = try (0..<3).map { _ in
            let client = try service.connect()
            client.send(Self.endless)
            return client
        }
        service.machine.waitForSomebody()
        #expect(try service.exchange(Self.list).hasPrefix(ok))
        let target = "/v1/call?environment=256&operation=1"
        #expect(try ask(service.path, "POST", target, [1, 2, 3], isCall: true) == [3, 2, 1])
        for client in callers { client.endSending() }
    }

    /// A verifier's call that nobody could begin ends in time as well.
    @Test func call_endsInTimeWhileItWaits() throws {
        var limits = TransportLimits()
        (limits.call, limits.calls) = (100, 1)
        let service = try TestService(limits: limits)
        let root = try TestClient(path: service.path)
        root.send(Self.endless)
        service.machine.waitForSomebody()
        let answer = try service.exchange(Self.endless)
        #expect(answer.hasPrefix("HTTP/1.1 504 Gateway Timeout\r\n"))
        #expect(answer.contains(ErrorCode.callAbandoned.name))
        root.endSending()
    }

    /// Root's bytes neither count nor give way to those of verifiers.
    @Test func root_mayHoldMoreThanVerifiers() throws {
        var limits = TransportLimits()
        limits.heldBytes = 1000
        let service = try TestService(limits: limits)
        let root = try TestClient(path: service.path)
        let head =
            "POST /v1/call?environment=256&operation=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n"
        root.send(head + String(repeating: "x", count: 49_999))
        #expect(try service.exchange(Self.list).hasPrefix(ok))
        root.send("x")
        #expect(root.answer().hasPrefix(ok))
    }

    /// Something else listens there, or hangs.
    @Test(
        arguments: [("nonsense", .daemonUnusable), ("", .daemonUnusable), (nil, .daemonSilent)]
            as [(String?, ErrorCode)])
    func reject_whatIsNoSiced(_ words: String?, _ code: ErrorCode) throws {
        let path = FileManager.default.temporaryDirectory.path + "/siced-\(UUID().uuidString)"
        let place = try SocketPlace(path)
        let listener = try place.listen()
        guard let client = try ServiceClient.connect(path, ServiceClient.Patience(answer: 50)) else {
            throw ToolError(.targetUnreachable)
        }
        let connection = accept(listener.descriptor.rawValue, nil, nil)
        if let words {
            _ = unsafe write(connection, words, words.utf8.count)
            shutdown(connection, Int32(SHUT_WR))
        }
        defer { close(connection) }
        var found: ToolError?
        do throws(ToolError) { _ = try client.ask("GET", "/v1/info") } catch { found = error }
        #expect(found?.code == code && found?.detail.hasPrefix("process \(getpid())") == true)
    }
}

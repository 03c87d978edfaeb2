import Diagnostics
import Dispatch
import Foundation
import Glibc
import LinuxSystem
import ManagerAccess
import SICEABI
import ServiceAPI
import Synchronization
import SystemPackage
import TPMAttestation

@testable import HTTPTransport

/// A service on the loopback interface with a simulated machine behind it, until nobody holds it any more.
final class TestService: Sendable {
    let listener: Listener
    /// Root's socket.
    let path = FileManager.default.temporaryDirectory.path + "/siced-\(UUID().uuidString)"
    let stop: StopRequest
    let machine = Gate()
    private let ending = Ending()

    /// How it ended.
    private final class Ending: Sendable {
        let outcome = Mutex<Result<Void, ToolError>?>(nil)
        let isThere = DispatchSemaphore(value: 0)
    }

    init(limits: TransportLimits = TransportLimits()) throws {
        listener = try Listener(ListeningAddress("127.0.0.1", port: 0))
        stop = try StopRequest()
        let control = try Listener(socket: path)
        // A thread of its own: it blocks, and the tests need the concurrency pool's.
        Thread.detachNewThread { [listener, stop, machine, ending] in
            defer { ending.isThere.signal() }
            do {
                let doors = [Door(listener, ServiceRoutes(allowsCalls: true)), Door(control, .control)]
                let server = try HTTPServer(at: doors, until: stop, limits: limits) { isWanted in
                    HostService(GatedBackend(isWanted, machine))
                }
                try server.run()
                ending.outcome.withLock { $0 = .success(()) }
            } catch {
                ending.outcome.withLock { $0 = .failure(error as? ToolError ?? ToolError(.internalFailure)) }
            }
        }
    }

    /// Waits until the service has ended. Throws what it ended with.
    func end() throws {
        ending.isThere.wait()
        try ending.outcome.withLock { try $0?.get() }
    }

    deinit {
        machine.open()
        stop.send()
    }

    func connect() throws -> TestClient { try TestClient(port: listener.address?.port ?? 0) }

    /// One whole exchange on a connection of its own.
    func exchange(_ request: String) throws -> String {
        let client = try connect()
        client.send(request)
        return client.answer()
    }
}

/// Who wants the machine waits here when it is closed.
final class Gate: Sendable {
    private let isOpen = Mutex(true)
    private let entered = DispatchSemaphore(value: 0)
    private let opening = DispatchSemaphore(value: 0)

    func close() { isOpen.withLock { $0 = false } }
    func open() {
        isOpen.withLock { $0 = true }
        opening.signal()
    }
    /// Waits until somebody stands there.
    func waitForSomebody() { entered.wait() }

    func pass() {
        entered.signal()
        guard !isOpen.withLock({ $0 }) else { return }
        opening.wait()
        opening.signal()
    }
}

/// A simulated machine of its own for each thread.
final class GatedBackend: HostBackend {
    private var backend: SimulatedBackend?
    private let isWanted: () -> Bool
    private let gate: Gate

    init(_ isWanted: @escaping () -> Bool, _ gate: Gate) { (self.isWanted, self.gate) = (isWanted, gate) }

    func withManager<Result>(
        _ body: (inout ManagerClient<ReversingConnection>) throws(ToolError) -> Result
    ) throws(ToolError) -> Result {
        gate.pass()
        if backend == nil { backend = try? SimulatedBackend(isWanted) }
        guard let backend else { throw ToolError(.internalFailure) }
        return try backend.withManager(body)
    }

    func openTPM() throws(ToolError) -> AttestationTPM<TPMDevice> { throw ToolError(.noTPMDevice) }

    func eventLog() -> [UInt8] { [] }
}

/// A client that does exactly what the test says.
final class TestClient {
    private let opened: OpenFile
    private var file: Int32 { opened.descriptor.rawValue }

    init(port: UInt16) throws { opened = try .connected(to: SocketAddress(loopbackPort: port)) }

    /// Through a socket in the file system.
    init(path: String) throws {
        guard let address = SocketAddress(path: path) else { throw ToolError(.invalidArgument, path) }
        opened = try .connected(to: address)
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(file, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    func endSending() { shutdown(file, Int32(SHUT_WR)) }

    /// Reads until the text has come, or until the service closes.
    func answer(until end: String? = nil) -> String {
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let text = String(decoding: answer, as: UTF8.self)
            if let end, text.hasSuffix(end) { return text }
            let count = unsafe read(file, &buffer, buffer.count)
            guard count > 0 else { return text }
            answer += buffer[..<count]
        }
    }
}

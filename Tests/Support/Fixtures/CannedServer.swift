import Foundation
import Glibc

/// A server on the loopback interface whose one visitor gets what the test chose.
public struct CannedServer: Sendable {
    public let port: UInt16
    public var url: String { "http://127.0.0.1:\(port)" }

    /// Answers with bytes, and closes.
    public init(_ answer: [UInt8]) {
        self.init { visitor in
            _ = visitor.request()
            _ = visitor.send(answer)
        }
    }

    /// Does with the visitor what the test says, and closes.
    public init(serving: @escaping @Sendable (Visitor) -> Void) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe bind(listener, $0, size)
                listen(listener, 1)
                _ = unsafe getsockname(listener, $0, &size)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        // A thread of its own: it blocks, and the tests' clients need the concurrency pool's threads.
        Thread.detachNewThread {
            let visitor = Visitor(file: accept(listener, nil, nil))
            serving(visitor)
            close(visitor.file)
            close(listener)
        }
    }
}

/// Who connected.
public struct Visitor: Sendable {
    fileprivate let file: Int32

    /// The next bytes of the request, most often all of it.
    public func request() -> String {
        var request = [UInt8](repeating: 0, count: 65536)
        let count = unsafe read(file, &request, request.count)
        return String(decoding: request.prefix(max(0, count)), as: UTF8.self)
    }

    /// False once the visitor has gone.
    public func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(file, $0.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    /// Waits until the visitor has gone, reading nothing.
    public func waitUntilGone() {
        let hangup: Int16 = 0x2000  // POLLRDHUP
        var entry = pollfd(fd: file, events: hangup, revents: 0)
        while unsafe poll(&entry, 1, -1) < 0 {}
    }
}

import Foundation
import Glibc

/// A server on the loopback interface that answers its one visitor with bytes of the test's choice.
public struct CannedServer {
    public let url: String

    public init(_ answer: [UInt8]) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
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
        url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
        // A thread of its own: it blocks, and the tests' clients need the concurrency pool's threads.
        Thread.detachNewThread { CannedServer.serve(listener, answer) }
    }

    private static func serve(_ listener: Int32, _ answer: [UInt8]) {
        let visitor = accept(listener, nil, nil)
        var request = [UInt8](repeating: 0, count: 65536)
        _ = unsafe read(visitor, &request, request.count)
        var sent = 0
        while sent < answer.count {
            let count = unsafe answer.withUnsafeBytes {
                unsafe send(
                    visitor, $0.baseAddress! + sent, answer.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        close(visitor)
        close(listener)
    }
}

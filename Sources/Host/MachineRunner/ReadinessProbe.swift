internal import Glibc

/// Whether a machine's server answers at a port of the loopback interface.
///
/// QEMU accepts connections long before anyone listens behind them. Who asks briefly asks again soon.
enum ReadinessProbe {
    /// Sends a request and waits for the first byte of an answer; false when none comes in time.
    static func answers(_ port: UInt16, path: String, milliseconds: Int32) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = LoopbackPort.address(port)
        let isConnected = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        guard isConnected,
            unsafe send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count
        else { return false }
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&wait, 1, milliseconds) == 1 else { return false }
        var byte: UInt8 = 0
        return unsafe recv(descriptor, &byte, 1, 0) == 1
    }
}

internal import LinuxSystem
internal import SystemPackage

/// Whether a machine's server answers at a port of the loopback interface.
///
/// QEMU accepts connections long before anyone listens behind them. Who asks briefly asks again soon.
enum ReadinessProbe {
    /// Sends a request and waits for the first byte of an answer; false when none comes in time.
    static func answers(_ port: UInt16, path: String, milliseconds: Int32) -> Bool {
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        do throws(Errno) {
            let socket = try OpenFile.connected(to: SocketAddress(loopbackPort: port))
            try socket.sendWhole(Array(request.utf8))
            guard try !socket.wait(for: .input, milliseconds: milliseconds).isEmpty else {
                return false
            }
            return try !socket.readSome(1).isEmpty
        } catch { return false }
    }
}

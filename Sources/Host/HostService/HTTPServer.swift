public import Diagnostics
internal import Glibc
internal import SICEABI

/// Serves one connection after the other, one request each. A client that is slow or silent loses its turn after
/// ten seconds; availability is not among the promises of a legacy host.
public struct HTTPServer: ~Copyable {
    private let listener: Int32
    /// The port it listens on.
    public let port: UInt16

    /// Listens on all addresses, or on the loopback address only; port 0 takes any. Throws `portInUse`.
    public init(port: UInt16, loopbackOnly: Bool = false) throws(ToolError) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var one: Int32 = 1
        _ = unsafe setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = loopbackOnly ? UInt32(0x7F00_0001).bigEndian : 0
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, size) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard bound else {
            let reason = String(systemError: errno)
            close(listener)
            throw ToolError(.portInUse, "port \(port): \(reason)")
        }
        self.listener = listener
        self.port = UInt16(bigEndian: address.sin_port)
    }

    deinit { close(listener) }

    /// Serves one connection.
    public func serveOne(with service: HostService<some HostBackend>) {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        let connection = HTTPConnection(descriptor)
        let response: HTTPResponse
        var body = HTTPBody(connection, count: 0)
        do throws(ToolError) {
            let request = try HTTPRequest(head: connection.readHead())
            if request.expectsContinue { connection.send(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
            body = HTTPBody(connection, count: request.contentLength)
            response = service.answer(request, body: &body)
        } catch { response = HTTPResponse(error) }
        connection.send(response.bytes)
        connection.drain()
    }
}

internal import Diagnostics
internal import Glibc
internal import ManagerClient
internal import SICEABI

/// One accepted connection.
final class HTTPConnection {
    private let descriptor: Int32
    /// Bytes that arrived behind the head.
    private var pending: [UInt8] = []

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    }

    deinit { close(descriptor) }

    /// The request's head without its empty line. Throws `usage` when it is too long or does not come.
    func readHead() throws(ToolError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let end = HTTPConnection.endOfHead(bytes)
            // The limit does not depend on how the network cuts the head into pieces.
            guard end ?? (bytes.count - 3) <= HTTPRequest.mostHeadBytes else {
                throw ToolError(.usage, "a request head of more than \(HTTPRequest.mostHeadBytes) bytes")
            }
            if let end {
                pending = Array(bytes[(end + 4)...])
                return Array(bytes[..<end])
            }
            let piece = receive(4096)
            guard !piece.isEmpty else { throw ToolError(.usage, "the request ends in its head") }
            bytes += piece
        }
    }

    /// Up to `count` bytes behind the head; none when the client is gone.
    func read(_ count: Int) -> [UInt8] {
        guard !pending.isEmpty else { return receive(count) }
        let piece = Array(pending.prefix(count))
        pending.removeFirst(piece.count)
        return piece
    }

    /// Sends as much as the client takes.
    func send(_ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(
                    descriptor, $0.baseAddress! + sent, $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }

    /// Takes what the client still sends, within bounds: closing a connection with unread bytes resets it, and
    /// the client would never see the answer.
    func drain() {
        shutdown(descriptor, Int32(SHUT_WR))
        var left = 16 << 20
        while left > 0 {
            let count = receive(1 << 16).count
            guard count > 0 else { return }
            left -= count
        }
    }

    private func receive(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: min(count, 1 << 16))
        let got = unsafe bytes.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress!, $0.count, 0)
        }
        return Array(bytes.prefix(max(0, got)))
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { bytes[$0..<$0 + 4].elementsEqual([13, 10, 13, 10]) }
    }
}

/// The body of a request.
struct HTTPBody: ByteSource {
    private let connection: HTTPConnection
    private var left: Int

    init(_ connection: HTTPConnection, count: Int) {
        self.connection = connection
        left = count
    }

    /// Throws `invalidArgument` when the client goes away in the middle: half an input must not be taken for a
    /// whole one.
    mutating func next(_ count: Int) throws(ToolError) -> [UInt8] {
        let wanted = min(count, left)
        var bytes: [UInt8] = []
        while bytes.count < wanted {
            let piece = connection.read(wanted - bytes.count)
            guard !piece.isEmpty else { throw ToolError(.invalidArgument, "the request ends in its body") }
            bytes += piece
        }
        left -= wanted
        return bytes
    }
}

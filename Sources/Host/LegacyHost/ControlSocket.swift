public import Diagnostics
internal import Glibc
public import GuestRunner
internal import SICEABI

/// The server's end of a guest's control socket: one line in, a ``GuestRunner/GuestPlace``; one line out, a
/// ``GuestRunner/MoveAnswer``. One connection at a time; the next one waits.
final class ControlSocket {
    private let listener: SocketListener
    private var client: Int32 = -1
    private var line: [UInt8] = []
    private static let limit = 64

    static func path(_ environment: UInt32) -> String { "\(HostSession.folder)/control-\(environment)" }

    init(_ environment: UInt32) throws(ToolError) {
        listener = try SocketListener(Self.path(environment))
    }

    deinit { drop() }

    /// What to wait for until a request may be there.
    var file: Int32 { client >= 0 ? client : listener.file }

    /// A whole request, without waiting; nil when no more has come. One that makes no sense is answered here.
    func request() -> GuestPlace? {
        while client >= 0 || accept() {
            guard receive() else { return nil }
            guard let end = line.firstIndex(of: UInt8(ascii: "\n")) else {
                if line.count > Self.limit { drop() }
                continue
            }
            let text = String(decoding: line[..<end], as: UTF8.self)
            if let place = GuestPlace(request: text) { return place }
            answer(ToolError(.invalidArgument, text))
        }
        return nil
    }

    private func accept() -> Bool {
        guard let newcomer = listener.accept() else { return false }
        client = newcomer
        return true
    }

    /// Takes what has come; false when nothing has. Who went away is forgotten.
    private func receive() -> Bool {
        var bytes = [UInt8](repeating: 0, count: Self.limit)
        let count = unsafe recv(client, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        if count > 0 {
            line += bytes.prefix(count)
        } else {
            guard count == 0 || errno != EAGAIN && errno != EINTR else { return false }
            drop()
        }
        return true
    }

    func answer(_ error: ToolError?) {
        let bytes = Array((MoveAnswer(error).line + "\n").utf8)
        _ = unsafe send(client, bytes, bytes.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
        drop()
    }

    private func drop() {
        if client >= 0 { close(client) }
        client = -1
        line = []
    }
}

/// The other end: `sice move` and `sice stop`.
public enum ControlClient {
    /// Seconds for the outcome: far more than the slowest kernel needs to take a CPU offline and a guest to arrive there.
    public static let patience = 120

    /// Asks the guest's server, which finishes the guest's slice first, and waits for the outcome. Throws it, and
    /// `guestNotServed`, `guestServerSilent`.
    public static func move(_ environment: UInt32, to place: GuestPlace) throws(ToolError) {
        try move(ControlSocket.path(environment), "environment \(environment)", to: place, patience: patience)
    }

    static func move(
        _ path: String, _ name: String, to place: GuestPlace, patience: Int
    ) throws(ToolError) {
        let connection = LocalConnection.open(path, tries: 10 * patience, forServer: false)
        guard connection.error == 0 else {
            throw ToolError(connection.error == EAGAIN ? .guestServerSilent : .guestNotServed, name)
        }
        let socket = connection.file
        defer { close(socket) }
        // Of each read; the server writes its line at once.
        var time = timeval(tv_sec: patience, tv_usec: 0)
        _ = unsafe setsockopt(
            socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        let request = Array((place.request + "\n").utf8)
        guard unsafe send(socket, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw ToolError(.guestNotServed, name)
        }
        guard let line = line(socket) else { throw ToolError(.guestServerSilent, name) }
        guard let answer = MoveAnswer(line: line) else { throw ToolError(.guestNotServed, name) }
        if let error = answer.error { throw error }
    }

    /// One line, or what came before the end; nil when nothing more comes in time.
    private static func line(_ socket: Int32) -> String? {
        var line: [UInt8] = []
        while !line.contains(UInt8(ascii: "\n")), line.count < 4096 {
            var bytes = [UInt8](repeating: 0, count: 512)
            let count = unsafe recv(socket, &bytes, bytes.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return nil }
            guard count > 0 else { break }
            line += bytes.prefix(count)
        }
        return String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}

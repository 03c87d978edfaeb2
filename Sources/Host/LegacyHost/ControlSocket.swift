public import Diagnostics
public import GuestRunner
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// The server's end of a guest's control socket: one line in, a ``GuestRunner/GuestPlace``; one line out, a
/// ``GuestRunner/MoveAnswer``. One connection at a time; the next one waits.
final class ControlSocket {
    private let listener: SocketListener
    private var client: OpenFile?
    private var line: [UInt8] = []
    private static let limit = 64

    static func path(_ environment: UInt32) -> String { "\(HostSession.folder)/control-\(environment)" }

    init(_ environment: UInt32) throws(ToolError) {
        listener = try SocketListener(Self.path(environment))
    }

    /// What to wait for until a request may be there.
    var file: FileDescriptor { client?.descriptor ?? listener.file }

    /// A whole request, without waiting; nil when no more has come. One that makes no sense is answered here.
    func request() -> GuestPlace? {
        while client != nil || accept() {
            guard let client, receive(from: client) else { return nil }
            guard let end = line.firstIndex(of: UInt8(ascii: "\n")) else {
                if line.count > Self.limit { disconnect() }
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
    private func receive(from client: OpenFile) -> Bool {
        do throws(Errno) {
            let bytes = try client.receiveNow(Self.limit)
            line += bytes
            if bytes.isEmpty { disconnect() }
        } catch {
            if error.isTransient { return false }
            disconnect()
        }
        return true
    }

    func answer(_ error: ToolError?) {
        // A line has room, or nobody reads it.
        try? client?.sendWhole(Array((MoveAnswer(error).line + "\n").utf8), milliseconds: 0)
        disconnect()
    }

    private func disconnect() {
        client = nil
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
        let socket: OpenFile
        do throws(Errno) {
            socket = try LocalConnection.open(path, tries: 10 * patience, forServer: false)
            // Of each read; the server writes its line at once.
            try socket.setReadPatience(seconds: patience)
            try socket.sendWhole(Array((place.request + "\n").utf8))
        } catch { throw ToolError(LocalConnection.code(of: error), name) }
        guard let line = line(socket) else { throw ToolError(.guestServerSilent, name) }
        guard let answer = MoveAnswer(line: line) else { throw ToolError(.guestNotServed, name) }
        if let error = answer.error { throw error }
    }

    /// One line, or what came before the end; nil when nothing more comes in time.
    private static func line(_ socket: OpenFile) -> String? {
        var line: [UInt8] = []
        while !line.contains(UInt8(ascii: "\n")), line.count < 4096 {
            do throws(Errno) {
                let bytes = try socket.readSome(512)
                if bytes.isEmpty { break }
                line += bytes
            } catch {
                if error == .resourceTemporarilyUnavailable { return nil }
                break
            }
        }
        return String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}

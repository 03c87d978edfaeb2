public import Diagnostics
internal import Glibc
internal import HostService
internal import LocalSocket
internal import SICEABI

/// A connection to this machine's `siced`: one request, one answer.
public struct ServiceClient: ~Copyable {
    /// How long to wait, in milliseconds.
    struct Patience {
        /// In tenths of a second, for a place in its queue.
        var tries = 50
        /// For an answer that does not depend on a workload: longer than `siced` waits for another process's manager.
        var answer = 150_000
        /// Until a wait without end is told of.
        var untilItIsSaid = 30_000
    }

    private let file: Int32
    private let patience: Patience
    /// Names who is waited for.
    private let name: String

    /// Connects; nil when nobody listens there. Throws `permissionDenied`, `daemonSilent`.
    public static func connect(_ path: String) throws(ToolError) -> ServiceClient? {
        try connect(path, Patience())
    }

    static func connect(_ path: String, _ patience: Patience) throws(ToolError) -> ServiceClient? {
        let (file, error) = LocalConnection.open(path, tries: patience.tries, forServer: false)
        switch error {
        case 0: return ServiceClient(file, path, patience)
        case EACCES, EPERM: throw ToolError(.permissionDenied, "\(path): \(String(systemError: error))")
        case EAGAIN: throw ToolError(.daemonSilent, path)
        default: return nil
        }
    }

    private init(_ file: Int32, _ path: String, _ patience: Patience) {
        (self.file, self.patience) = (file, patience)
        name = PeerProcess(file).map { LockHolder(Int($0.process)).text } ?? path
    }

    deinit { close(file) }

    /// Asks for what `target` names, a path with its query, and waits for the answer: for a call as long as the workload
    /// takes. Throws the service's errors, `daemonSilent`, `daemonUnusable`.
    public consuming func ask(
        _ method: String, _ target: String, body: [UInt8] = [], isCall: Bool = false
    ) throws(ToolError) -> [UInt8] {
        let head =
            "\(method) \(target) HTTP/1.1\r\nHost: siced\r\nContent-Length: \(body.count)\r\n\r\n"
        // What it refuses it answers at once, also when it does not read on.
        send(Array(head.utf8) + body)
        guard let answer = ServiceAnswer(try receive(isCall: isCall)) else {
            throw ToolError(.daemonUnusable, name)
        }
        return try answer.result()
    }

    private func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty, wait(for: POLLOUT, patience.answer) {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    file, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            guard count > 0 || errno == EINTR || errno == EAGAIN else { return }
            rest = rest.dropFirst(max(0, count))
        }
    }

    private func receive(isCall: Bool) throws(ToolError) -> [UInt8] {
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        try awaitStart(isCall: isCall)
        while wait(for: POLLIN, patience.answer) {
            let count = unsafe recv(file, &piece, piece.count, Int32(MSG_DONTWAIT))
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0, answer.count <= ServiceAnswer.mostBytes else { return answer }
            answer += piece[..<count]
        }
        throw ToolError(.daemonSilent, name)
    }

    private func awaitStart(isCall: Bool) throws(ToolError) {
        guard isCall else { return }
        guard !wait(for: POLLIN, patience.untilItIsSaid) else { return }
        StandardStreams.message("sice: waiting for the workload, by way of \(name)")
        while !wait(for: POLLIN, patience.answer) {}
    }

    /// Whether it came to that in so many milliseconds; a signal ends no wait.
    private func wait(for events: Int32, _ milliseconds: Int) -> Bool {
        var entry = pollfd(fd: file, events: Int16(events), revents: 0)
        while true {
            let count = unsafe poll(&entry, 1, Int32(clamping: milliseconds))
            guard count < 0, errno == EINTR else { return count > 0 }
        }
    }
}

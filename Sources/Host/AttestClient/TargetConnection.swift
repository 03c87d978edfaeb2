internal import Diagnostics
internal import Glibc
internal import SICEABI

/// A connection whose every wait ends with the exchange's deadline.
struct TargetConnection: ~Copyable {
    private let socket: Int32
    private let deadline: Deadline

    /// Connects to the first of these that takes it. Throws `targetUnreachable`, `targetTimedOut`.
    init(to endpoints: [Endpoint], _ deadline: Deadline) throws(ToolError) {
        var failure = ETIMEDOUT
        for (number, endpoint) in endpoints.enumerated() {
            // One that swallows packets must not take the time of those behind it.
            let share = deadline.shared(with: endpoints.count - 1 - number)
            let attempt = TargetConnection.connect(to: endpoint, share)
            if attempt.error == 0 {
                (socket, self.deadline) = (attempt.socket, deadline)
                return
            }
            failure = attempt.error
        }
        guard failure != ETIMEDOUT || deadline.milliseconds > 0 else {
            throw HTTPExchange.timedOut(deadline, "still connecting")
        }
        throw ToolError(.targetUnreachable, String(systemError: failure))
    }

    deinit { close(socket) }

    private static func connect(to endpoint: Endpoint, _ deadline: Deadline) -> (socket: Int32, error: Int32)
    {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let file = Glibc.socket(endpoint.family, type, 0)
        guard file >= 0 else { return (-1, errno) }
        let result = unsafe endpoint.address.withUnsafeBytes { bytes in
            unsafe Glibc.connect(
                file, bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
        }
        var error = result == 0 ? 0 : errno
        if error == EINPROGRESS || error == EINTR {
            var size = socklen_t(MemoryLayout<Int32>.size)
            let isOver = wait(for: file, POLLOUT, deadline) == 0
            error = ETIMEDOUT
            if !isOver { _ = unsafe getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &size) }
        }
        if error != 0 { close(file) }
        return (file, error)
    }

    /// What the file is ready for; 0 when the time is over.
    private static func wait(for file: Int32, _ events: Int32, _ deadline: Deadline) -> Int32 {
        var entry = pollfd(fd: file, events: Int16(events), revents: 0)
        while deadline.milliseconds > 0 {
            if unsafe poll(&entry, 1, deadline.milliseconds) > 0 { return Int32(entry.revents) }
        }
        return 0
    }

    /// Sends a request. A target that answers before it has all of it, or closes, is read next: it may say why.
    /// Throws `targetTimedOut`.
    func send(_ bytes: [UInt8]) throws(ToolError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let ready = TargetConnection.wait(for: socket, POLLIN | POLLOUT, deadline)
            guard ready != 0 else {
                throw HTTPExchange.timedOut(
                    deadline, "it took \(bytes.count - rest.count) of \(bytes.count) bytes of the request")
            }
            guard ready & POLLIN == 0 else { return }
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { rest = rest.dropFirst(count) }
            guard count > 0 || errno == EAGAIN || errno == EINTR else { return }
        }
    }

    /// Fills a part of `buffer`; gives how much, 0 at the end. Throws `targetTimedOut` with `progress`,
    /// `targetUnreachable`.
    func receive(
        into buffer: inout [UInt8], progress: @autoclosure () -> String
    ) throws(ToolError) -> Int {
        while true {
            guard TargetConnection.wait(for: socket, POLLIN, deadline) != 0 else {
                throw HTTPExchange.timedOut(deadline, progress())
            }
            let count = unsafe recv(socket, &buffer, buffer.count, 0)
            if count >= 0 { return count }
            guard errno == EAGAIN || errno == EINTR else {
                throw ToolError(.targetUnreachable, String(systemError: errno))
            }
        }
    }
}

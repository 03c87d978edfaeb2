internal import Glibc
internal import HostService

/// An accepted connection: its socket and its course.
final class Connection {
    private let file: Int32
    var exchange: Exchange

    init(_ file: Int32, _ exchange: Exchange) { (self.file, self.exchange) = (file, exchange) }

    deinit { close(file) }

    /// What to wait for. A connection that both sides have closed is told of in any case.
    var entry: pollfd {
        let events =
            (exchange.wantsInput ? POLLIN : 0) | (exchange.unsent.isEmpty ? 0 : POLLOUT)
        return pollfd(fd: file, events: Int16(events), revents: 0)
    }

    /// Takes what the client sent, one piece; returns the request when that completes it. `buffer` is for the piece.
    func receive(_ buffer: inout [UInt8], at now: Moment) -> Exchange.Question? {
        let count = unsafe recv(file, &buffer, buffer.count, 0)
        if count > 0 { return exchange.take(buffer[..<count], at: now) }
        if count == 0 { exchange.inputEnded(at: now) } else if !isPassing { exchange.end() }
        return nil
    }

    /// Sends as much as the client takes.
    func send(at now: Moment) {
        let bytes = exchange.unsent
        guard !bytes.isEmpty else { return }
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(file, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
        }
        guard count >= 0 else { return isPassing ? () : exchange.end() }
        exchange.didSend(count, at: now)
        if exchange.phase == .leaving { shutdown(file, Int32(SHUT_WR)) }
    }

    private var isPassing: Bool { errno == EAGAIN || errno == EINTR }
}

internal import LinuxSystem
internal import ServiceAPI
internal import SystemPackage

/// An accepted connection: its socket and its course.
final class Connection {
    private let socket: OpenFile
    var exchange: Exchange

    init(_ socket: OpenFile, _ exchange: Exchange) { (self.socket, self.exchange) = (socket, exchange) }

    /// What to wait for. A connection that both sides have closed is told of in any case.
    var entry: (file: FileDescriptor?, events: FileEvents) {
        var events: FileEvents = exchange.wantsInput ? .input : []
        if !exchange.unsent.isEmpty { events.insert(.output) }
        return (socket.descriptor, events)
    }

    /// Takes what the client sent, one piece; returns the request when that completes it. `buffer` is for the piece.
    func receive(_ buffer: inout [UInt8], at now: Moment) -> Exchange.Question? {
        do throws(Errno) {
            let count = try socket.receiveNow(into: &buffer)
            if count > 0 { return exchange.take(buffer[..<count], at: now) }
            exchange.inputEnded(at: now)
        } catch { endUnless(error) }
        return nil
    }

    /// Sends as much as the client takes.
    func send(at now: Moment) {
        guard !exchange.unsent.isEmpty else { return }
        do throws(Errno) {
            exchange.didSend(try socket.send(exchange.unsent, waits: false), at: now)
            if exchange.phase == .leaving { try? socket.endSending() }
        } catch { endUnless(error) }
    }

    private func endUnless(_ error: Errno) {
        if !error.isTransient { exchange.end() }
    }
}

internal import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A connection whose every wait ends with the exchange's deadline.
struct TargetConnection: ~Copyable {
    private let socket: OpenFile
    private let deadline: Deadline

    /// Connects to the first of these that takes it. Throws `targetUnreachable`, `targetTimedOut`.
    init(to addresses: [SocketAddress], _ deadline: Deadline) throws(ToolError) {
        var failure = Errno.timedOut
        for (number, address) in addresses.enumerated() {
            // One that swallows packets must not take the time of those behind it.
            let share = deadline.shared(with: addresses.count - 1 - number)
            do throws(Errno) {
                socket = try TargetConnection.connect(to: address, share)
                self.deadline = deadline
                return
            } catch { failure = error }
        }
        guard failure != .timedOut || deadline.milliseconds > 0 else {
            throw HTTPExchange.timedOut(deadline, "still connecting")
        }
        throw ToolError(.targetUnreachable, "\(failure)")
    }

    private static func connect(to address: SocketAddress, _ deadline: Deadline) throws(Errno) -> OpenFile {
        let socket = try OpenFile(socketFor: address, waits: false)
        do throws(Errno) { try socket.connect(to: address) } catch {
            guard error == .nowInProgress || error == .interrupted else { throw error }
            guard !wait(for: socket, .output, deadline).isEmpty else { throw .timedOut }
            try socket.checkConnection()
        }
        return socket
    }

    /// What the socket is ready for; nothing when the time is over.
    private static func wait(for socket: OpenFile, _ events: FileEvents, _ deadline: Deadline) -> FileEvents {
        while deadline.milliseconds > 0 {
            let ready = try? socket.wait(for: events, milliseconds: deadline.milliseconds)
            if let ready, !ready.isEmpty { return ready }
        }
        return []
    }

    /// Sends a request. A target that answers before it has all of it, or closes, is read next: it may say why.
    /// Throws `targetTimedOut`.
    func send(_ bytes: [UInt8]) throws(ToolError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let ready = TargetConnection.wait(for: socket, [.input, .output], deadline)
            guard !ready.isEmpty else {
                throw HTTPExchange.timedOut(
                    deadline, "it took \(bytes.count - rest.count) of \(bytes.count) bytes of the request")
            }
            guard !ready.contains(.input) else { return }
            do throws(Errno) { rest = rest.dropFirst(try socket.send(rest)) } catch {
                guard error.isTransient else { return }
            }
        }
    }

    /// What has come; nothing at the end. Throws `targetTimedOut` with `progress`, `targetUnreachable`.
    func receive(_ limit: Int, progress: @autoclosure () -> String) throws(ToolError) -> [UInt8] {
        while true {
            guard !TargetConnection.wait(for: socket, .input, deadline).isEmpty else {
                throw HTTPExchange.timedOut(deadline, progress())
            }
            do throws(Errno) { return try socket.receiveNow(limit) } catch {
                guard error.isTransient else { throw ToolError(.targetUnreachable, "\(error)") }
            }
        }
    }
}

internal import CSMICall
internal import DeviceModel
internal import Diagnostics
internal import Glibc

/// The far end of `sice console`: one client at a time, which sees what the guest said last and says from then on. Each
/// connection ends with a ``ConsoleLine/Farewell``, unless this process or the client fails.
final class ConsoleServer {
    private let listener: SocketListener
    private var client: Int32 = -1
    private var line = ConsoleLineDecoder()
    /// The end of what the guest said, for who connects later.
    private var history: [UInt8] = []
    private static let historyLimit = 4096

    /// Throws `outputFailed` when the socket cannot be made.
    init(_ path: String) throws(ToolError) { listener = try SocketListener(path) }

    deinit { dropClient() }

    /// Where something may come.
    var files: [Int32] { [listener.file, client] }

    /// What was typed, without waiting; nil when there is no more to look at.
    func input(limit: Int) -> [UInt8]? {
        acceptClients()
        guard client >= 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe recv(client, &bytes, limit, Int32(MSG_DONTWAIT))
        if count > 0 { return line.decode(Array(bytes.prefix(count))) }
        guard count == 0 || errno != EAGAIN && errno != EINTR else { return nil }
        dropClient()
        return []
    }

    func takeSize() -> WindowSize? { line.takeSize() }

    /// Passes on what the guest says.
    func output(_ bytes: [UInt8]) {
        history = Array((history + bytes).suffix(Self.historyLimit))
        guard client >= 0, !send(bytes, to: client) else { return }
        // What one typed who has gone is still to be taken.
        if !clientHasGone { dropClient() }
    }

    /// Tells who is connected, or about to be, that the guest's machine has ended.
    func end() {
        if client >= 0 { bid(.ended, client) }
        client = -1
        while let newcomer = listener.accept() {
            _ = send(history, to: newcomer)
            bid(.ended, newcomer)
        }
    }

    private func acceptClients() {
        // What one typed who has gone already is taken first; the next one waits in the queue meanwhile.
        while !clientHasGone, let newcomer = listener.accept() {
            guard client < 0 else {
                bid(.taken, newcomer)
                continue
            }
            client = newcomer
            line = ConsoleLineDecoder()
            if !send(history, to: client) { dropClient() }
        }
    }

    private var clientHasGone: Bool {
        var entry = pollfd(fd: client, events: 0, revents: 0)
        return unsafe client >= 0 && poll(&entry, 1, 0) == 1 && Int32(entry.revents) & POLLHUP != 0
    }

    private func dropClient() {
        if client >= 0 { close(client) }
        client = -1
    }

    private func bid(_ farewell: ConsoleLine.Farewell, _ file: Int32) {
        _ = send(raw: ConsoleLine.encode(farewell), to: file)
        close(file)
    }

    private func send(_ bytes: [UInt8], to file: Int32) -> Bool {
        send(raw: ConsoleLine.encode(bytes), to: file)
    }

    /// False for who does not read for a second: the guest's clock must not stand still for them.
    private func send(raw bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    file, buffer.baseAddress, buffer.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
                continue
            }
            var wait = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
            // A packet's signal may interrupt the wait.
            guard errno == EAGAIN, unsafe poll(&wait, 1, 1000) == 1 || errno == EINTR else { return false }
        }
        return true
    }
}

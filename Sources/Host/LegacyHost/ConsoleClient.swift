internal import CSMICall
internal import DeviceModel
public import Diagnostics
internal import Glibc
internal import LocalSocket
internal import SICEABI

/// The near end of a guest's console: this process's terminal, raw while connected, or its standard input and output.
public struct ConsoleClient {
    /// Ctrl-] leaves the console; the guest goes on.
    public static let detachKey: UInt8 = 0x1D

    /// Why the connection ended.
    public enum End: Equatable, Sendable {
        case detached
        /// The guest's machine ended, or nobody serves it any more.
        case closed
    }

    private let socket: Int32

    /// Connects, and waits up to five seconds for somebody to serve the guest. Throws `guestNotServed`.
    public init(_ environment: UInt32) throws(ToolError) {
        for _ in 0..<50 {
            let socket = Glibc.socket(
                AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            let isConnected = unsafe UnixAddress.with(GuestConsole.path(environment)) { address, size in
                unsafe connect(socket, address, size) == 0
            }
            if isConnected {
                self.socket = socket
                return
            }
            close(socket)
            usleep(100_000)
        }
        throw ToolError(.guestNotServed, "environment \(environment)")
    }

    /// Passes bytes both ways until one side ends. A pipe that ends is not the end: the guest's words still come.
    public func talk() -> End {
        let terminal = RawTerminal()
        defer {
            terminal?.restore()
            close(socket)
        }
        let changes = terminal == nil ? -1 : sice_window_changes()
        defer { close(changes) }
        if terminal != nil { sendSize() }
        var isTyping = true
        while true {
            var waits = [
                pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isTyping ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: changes, events: Int16(POLLIN), revents: 0),
            ]
            guard unsafe poll(&waits, 3, -1) > 0 || errno == EINTR else { return .closed }
            if waits[0].revents != 0 {
                let bytes = ConsoleClient.read(socket)
                guard !bytes.isEmpty else { return .closed }
                try? StandardStreams.write(bytes)
            }
            if waits[1].revents != 0 {
                let typed = ConsoleClient.read(STDIN_FILENO)
                isTyping = !typed.isEmpty
                if terminal != nil, typed.contains(ConsoleClient.detachKey) { return .detached }
                send(ConsoleLine.encode(typed))
            }
            if waits[2].revents != 0, !ConsoleClient.read(changes).isEmpty { sendSize() }
        }
    }

    private static func read(_ file: Int32) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe Glibc.read(file, &bytes, bytes.count)
        return Array(bytes.prefix(max(count, 0)))
    }

    private func sendSize() {
        var size = WindowSize(rows: 0, columns: 0)
        guard unsafe sice_window_size(STDIN_FILENO, &size.rows, &size.columns) == 0 else { return }
        send(ConsoleLine.encode(size))
    }

    private func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// A terminal that passes every key on; nil when standard input is none.
private struct RawTerminal {
    private let before: termios

    init?() {
        var settings = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        before = settings
        unsafe cfmakeraw(&settings)
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    func restore() {
        var settings = before
        unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }
}

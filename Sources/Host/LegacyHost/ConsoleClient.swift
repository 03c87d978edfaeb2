internal import COutput
internal import CSMICall
internal import DeviceModel
public import Diagnostics
internal import Glibc
internal import SICEABI

/// The near end of a guest's console: this process's terminal, raw while connected, or its standard input and output.
public struct ConsoleClient {
    /// Ctrl-] leaves the console; the guest goes on.
    public static let detachKey: UInt8 = 0x1D

    /// Why the connection ended.
    public enum End: Equatable, Sendable {
        case detached
        /// The guest's machine ended.
        case ended
        /// Somebody else is connected.
        case taken
        /// Without a word: the server was ended, or we did not read for too long.
        case lost
    }

    private let socket: Int32
    /// Where a person types.
    private let input: Int32

    /// Connects, and waits up to five seconds for somebody to serve the guest. Throws `guestNotServed`, `guestServerSilent`.
    public init(_ environment: UInt32) throws(ToolError) {
        try self.init(GuestConsole.path(environment), "environment \(environment)", tries: 50)
    }

    init(_ path: String, _ name: String, tries: Int) throws(ToolError) {
        let connection = LocalConnection.open(path, tries: tries, forServer: true)
        guard connection.error == 0 else {
            throw ToolError(connection.error == EAGAIN ? .guestServerSilent : .guestNotServed, name)
        }
        self.init(socket: connection.file, input: STDIN_FILENO)
    }

    init(socket: Int32, input: Int32) { (self.socket, self.input) = (socket, input) }

    /// Passes bytes both ways until one side ends. A pipe that ends is not the end: the guest's words still come. The terminal
    /// is as before afterwards, also when a signal ends the program. Throws `outputFailed`.
    public func talk() throws(ToolError) -> End {
        let isTerminal = sice_raw_terminal(input) == 0
        defer {
            sice_restore_terminal()
            close(socket)
        }
        let changes = isTerminal ? sice_window_changes() : -1
        defer { close(changes) }
        if isTerminal { sendSize() }
        var isTyping = true
        var decoder = ConsoleAnswerDecoder()
        while true {
            let ready = ConsoleClient.wait(for: [socket, isTyping ? input : -1, changes])
            if ready[0] {
                guard let bytes = ConsoleClient.read(socket) else { return .lost }
                try StandardStreams.write(decoder.decode(bytes))
                switch decoder.farewell {
                case .ended: return .ended
                case .taken: return .taken
                case nil: break
                }
            }
            if ready[1] {
                // From a terminal one by one: what follows Ctrl-] is for who reads it next.
                let typed = ConsoleClient.read(input, limit: isTerminal ? 1 : ConsoleClient.pieceSize)
                isTyping = typed != nil
                if isTerminal, typed == [ConsoleClient.detachKey] { return .detached }
                send(ConsoleLine.encode(typed ?? []))
            }
            if ready[2], ConsoleClient.read(changes) != nil { sendSize() }
        }
    }

    private static let pieceSize = 4096

    /// Which files can be read, or are at their end; none of them when a signal came.
    private static func wait(for files: [Int32]) -> [Bool] {
        var waits = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard unsafe poll(&waits, nfds_t(waits.count), -1) > 0 else { return files.map { _ in false } }
        return waits.map { $0.revents != 0 }
    }

    /// What can be read; nothing when a signal or another reader was faster, nil at the end.
    private static func read(_ file: Int32, limit: Int = pieceSize) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe Glibc.read(file, &bytes, bytes.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        return count > 0 ? Array(bytes.prefix(count)) : nil
    }

    private func sendSize() {
        var size = WindowSize(rows: 0, columns: 0)
        guard unsafe sice_window_size(input, &size.rows, &size.columns) == 0 else { return }
        send(ConsoleLine.encode(size))
    }

    private func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(socket, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

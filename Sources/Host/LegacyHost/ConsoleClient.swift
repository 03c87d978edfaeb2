internal import DeviceModel
public import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

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

    private let socket: OpenFile
    /// Where a person types.
    private let input: FileDescriptor

    /// Connects, and waits up to five seconds for somebody to serve the guest. Throws `guestNotServed`, `guestServerSilent`.
    public init(_ environment: UInt32) throws(ToolError) {
        try self.init(ConsoleServer.path(environment), "environment \(environment)", tries: 50)
    }

    init(_ path: String, _ name: String, tries: Int) throws(ToolError) {
        do throws(Errno) {
            self.init(
                socket: try LocalConnection.open(path, tries: tries, forServer: true), input: .standardInput)
        } catch { throw ToolError(LocalConnection.code(of: error), name) }
    }

    init(socket: OpenFile, input: FileDescriptor) { (self.socket, self.input) = (socket, input) }

    /// Passes bytes both ways until one side ends. A pipe that ends is not the end: the guest's words still come. The terminal
    /// is as before afterwards, also when a signal ends the program. Throws `outputFailed`.
    public func relay() throws(ToolError) -> End {
        let isTerminal = Terminal.makeRaw(input)
        let changes = isTerminal ? try? Terminal.sizeChanges() : nil
        defer {
            Terminal.restore()
            withExtendedLifetime((socket, changes)) {}
        }
        if isTerminal { sendSize() }
        var isTyping = true
        var decoder = ConsoleAnswerDecoder()
        while true {
            // None of them when a signal came.
            let files = [socket.descriptor, isTyping ? input : nil, changes?.descriptor]
            let ready = (try? FileEvents.input.wait(for: files)) ?? files.map { _ in [] }
            if !ready[0].isEmpty {
                guard let bytes = socket.use({ ConsoleClient.read($0) }) else { return .lost }
                try StandardStreams.write(decoder.decode(bytes))
                switch decoder.farewell {
                case .ended: return .ended
                case .taken: return .taken
                case nil: break
                }
            }
            if !ready[1].isEmpty {
                // From a terminal one by one: what follows Ctrl-] is for who reads it next.
                let typed = ConsoleClient.read(input, limit: isTerminal ? 1 : ConsoleClient.pieceSize)
                isTyping = typed != nil
                if isTerminal, typed == [ConsoleClient.detachKey] { return .detached }
                send(ConsoleLine.encode(typed ?? []))
            }
            if !ready[2].isEmpty, changes?.use({ ConsoleClient.read($0) }) ?? nil != nil { sendSize() }
        }
    }

    private static let pieceSize = 4096

    /// What can be read; nothing when a signal or another reader was faster, nil at the end.
    private static func read(_ file: FileDescriptor, limit: Int = pieceSize) -> [UInt8]? {
        do throws(Errno) {
            let bytes = try file.readSome(limit, retryOnInterrupt: false)
            return bytes.isEmpty ? nil : bytes
        } catch { return error.isTransient ? [] : nil }
    }

    private func sendSize() {
        guard let size = Terminal.size(input) else { return }
        send(ConsoleLine.encode(WindowSize(rows: size.rows, columns: size.columns)))
    }

    /// That the server has gone is found by reading.
    private func send(_ bytes: [UInt8]) { try? socket.sendWhole(bytes) }
}

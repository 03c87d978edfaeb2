internal import DeviceModel
internal import Diagnostics
internal import LinuxSystem
internal import SystemPackage

/// The far end of `sice console`: one client at a time, which sees what the guest said last and says from then on. Each
/// connection ends with a ``ConsoleLine/Farewell``, unless this process or the client fails.
final class ConsoleServer {
    private let listener: SocketListener
    private var client: OpenFile?
    private var line = ConsoleLineDecoder()
    /// The end of what the guest said, for who connects later.
    private var history: [UInt8] = []
    private static let historyLimit = 4096
    /// Who does not read for so long is dropped: the guest's clock must not stand still for them.
    private static let patience: Int32 = 1000

    /// Where a guest's console is served.
    static func path(_ environment: UInt32) -> String { "\(HostSession.folder)/console-\(environment)" }

    /// Throws `outputFailed` when the socket cannot be made.
    init(_ path: String) throws(ToolError) { listener = try SocketListener(path) }

    /// Where something may come.
    var files: [FileDescriptor?] { [listener.file, client?.descriptor] }

    /// What was typed, without waiting; nil when there is no more to look at.
    func input(limit: Int) -> [UInt8]? {
        acceptClients()
        guard let client else { return nil }
        do throws(Errno) {
            let bytes = try client.receiveNow(limit)
            if !bytes.isEmpty { return line.decode(bytes) }
        } catch { if error.isTransient { return nil } }
        self.client = nil
        return []
    }

    func takeSize() -> WindowSize? { line.takeSize() }

    /// Passes on what the guest says.
    func output(_ bytes: [UInt8]) {
        history = Array((history + bytes).suffix(Self.historyLimit))
        guard let client, !send(bytes, to: client) else { return }
        // What one typed who has gone is still to be taken.
        if !clientHasGone { self.client = nil }
    }

    /// Tells who is connected, or about to be, that the guest's machine has ended.
    func end() {
        if let client { send(.ended, to: client) }
        client = nil
        while let newcomer = listener.accept() {
            _ = send(history, to: newcomer)
            send(.ended, to: newcomer)
        }
    }

    private func acceptClients() {
        // What one typed who has gone already is taken first; the next one waits in the queue meanwhile.
        while !clientHasGone, let newcomer = listener.accept() {
            guard client == nil else {
                send(.taken, to: newcomer)
                continue
            }
            line = ConsoleLineDecoder()
            client = send(history, to: newcomer) ? newcomer : nil
        }
    }

    private var clientHasGone: Bool {
        let events = try? client?.wait(for: [], milliseconds: 0)
        return events?.contains(.hangUp) ?? false
    }

    private func send(_ farewell: ConsoleLine.Farewell, to file: OpenFile) {
        try? file.sendWhole(ConsoleLine.encode(farewell), milliseconds: Self.patience)
    }

    private func send(_ bytes: [UInt8], to file: OpenFile) -> Bool {
        (try? file.sendWhole(ConsoleLine.encode(bytes), milliseconds: Self.patience)) != nil
    }
}

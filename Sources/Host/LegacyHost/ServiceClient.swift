public import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import ServiceAPI
internal import SystemPackage

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

    private let file: OpenFile
    private let patience: Patience
    /// Names who is waited for.
    private let name: String

    /// Connects; nil when nobody listens there. Throws `permissionDenied`, `daemonSilent`.
    public static func connect(_ path: String) throws(ToolError) -> ServiceClient? {
        try connect(path, Patience())
    }

    static func connect(_ path: String, _ patience: Patience) throws(ToolError) -> ServiceClient? {
        do throws(Errno) {
            let file = try LocalConnection.open(path, tries: patience.tries, forServer: false)
            return ServiceClient(file, path, patience)
        } catch {
            switch error {
            case .permissionDenied, .notPermitted: throw ToolError(.permissionDenied, "\(path): \(error)")
            case .resourceTemporarilyUnavailable: throw ToolError(.daemonSilent, path)
            default: return nil
            }
        }
    }

    private init(_ file: OpenFile, _ path: String, _ patience: Patience) {
        (self.file, self.patience) = (file, patience)
        name = PeerProcess(file.descriptor.rawValue).map { LockHolder(Int($0.process)).text } ?? path
    }

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
        try? file.sendWhole(bytes, milliseconds: Int32(clamping: patience.answer))
    }

    private func receive(isCall: Bool) throws(ToolError) -> [UInt8] {
        var answer: [UInt8] = []
        try awaitStart(isCall: isCall)
        while wait(for: .input, patience.answer) {
            let piece: [UInt8]
            do throws(Errno) { piece = try file.receiveNow(1 << 16) } catch {
                if error == .interrupted || error == .resourceTemporarilyUnavailable { continue }
                return answer
            }
            guard !piece.isEmpty, answer.count <= ServiceAnswer.mostBytes else { return answer }
            answer += piece
        }
        throw ToolError(.daemonSilent, name)
    }

    private func awaitStart(isCall: Bool) throws(ToolError) {
        guard isCall else { return }
        guard !wait(for: .input, patience.untilItIsSaid) else { return }
        StandardStreams.message("sice: waiting for the workload, by way of \(name)")
        while !wait(for: .input, patience.answer) {}
    }

    /// Whether it came to that in so many milliseconds; a signal ends no wait.
    private func wait(for events: FileEvents, _ milliseconds: Int) -> Bool {
        while true {
            do throws(Errno) {
                return try !file.wait(for: events, milliseconds: Int32(clamping: milliseconds)).isEmpty
            } catch { guard error == .interrupted else { return false } }
        }
    }
}

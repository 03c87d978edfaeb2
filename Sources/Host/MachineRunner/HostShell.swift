public import Diagnostics
internal import Foundation
internal import Glibc
internal import LocalSocket
internal import SICEABI

/// The shell of a machine's legacy host, root's, on the first serial port. One connection at a time.
public final class HostShell: Sendable {
    /// What a command wrote, both streams, and its exit status.
    public struct Answer: Equatable, Sendable {
        public let text: String
        public let status: Int
    }

    private let socket: Int32
    private let log: String

    /// Connects to the machine in a folder. `patience` is how many seconds a command may be silent.
    /// Throws `targetUnreachable`.
    public init(folder: String, patience: Int = 60) throws(ToolError) {
        log = "\(folder)/\(FileName.consoleLog)"
        socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        // By way of the open folder: its own path may be longer than an address can be.
        let directory = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(directory) }
        let path = "/proc/self/fd/\(directory)/\(FileName.console)"
        let isConnected = unsafe UnixAddress.with(path) { address, size in
            unsafe connect(socket, address, size) == 0
        }
        guard isConnected else {
            close(socket)
            throw ToolError(.targetUnreachable, "\(folder)/\(FileName.console)")
        }
        var time = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, size)
    }

    deinit { close(socket) }

    /// Runs a command line to its end. Throws `machineTimedOut` when it stays silent, `targetUnreachable` when the machine
    /// ended.
    public func run(_ command: String) throws(ToolError) -> Answer {
        // The marks are put together by the shell, so that the echo of the line does not hold them.
        send("echo '<'begin'>'; \(command) 2>&1; echo '<'status=$?'>'")
        var received: [UInt8] = []
        while true {
            if let answer = HostShell.parse(String(decoding: received, as: UTF8.self)) { return answer }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = unsafe read(socket, &buffer, buffer.count)
            guard count != 0 else { throw ToolError(.targetUnreachable, log) }
            guard count > 0 else { throw ToolError(.machineTimedOut, "\(command): see \(log)") }
            received += buffer[..<count]
        }
    }

    /// Types a line whose answer nobody waits for.
    public func send(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(socket, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    private static func parse(_ received: String) -> Answer? {
        guard let begin = received.range(of: "<begin>"),
            let end = received.range(of: "<status=", range: begin.upperBound..<received.endIndex),
            let close = received.range(of: ">", range: end.upperBound..<received.endIndex),
            let status = Int(received[end.upperBound..<close.lowerBound])
        else { return nil }
        let text = received[begin.upperBound..<end.lowerBound].replacingOccurrences(of: "\r", with: "")
        return Answer(text: text.trimmingCharacters(in: .newlines), status: status)
    }
}

public import Diagnostics
internal import Foundation
internal import SICEABI

/// The shell of a machine's legacy host, root's, on the first serial port. One connection at a time.
public final class HostShell: Sendable {
    /// What a command wrote, both streams, and its exit status.
    public struct Answer: Equatable, Sendable {
        public let text: String
        public let status: Int
    }

    private let socket: FolderSocket
    private let log: String

    /// Connects to the machine in a folder. `patience` is how many seconds a command may be silent.
    /// Throws `targetUnreachable`.
    public init(folder: String, patience: Int = 60) throws(ToolError) {
        log = "\(folder)/\(FileName.consoleLog)"
        socket = try FolderSocket(folder, FileName.console, patience: patience)
    }

    /// Runs a command line to its end. Throws `machineTimedOut` when it stays silent, `targetUnreachable` when the machine
    /// ended.
    public func run(_ command: String) throws(ToolError) -> Answer {
        // The marks are put together by the shell, so that the echo of the line does not hold them.
        send("echo '<'begin'>'; \(command) 2>&1; echo '<'status=$?'>'")
        return try receive(command, HostShell.parse)
    }

    /// Waits until the console shows a text. Throws as ``run(_:)``.
    public func wait(for text: String) throws(ToolError) {
        try receive(text) { $0.contains(text) ? () : nil }
    }

    /// Asks again and again until a command succeeds; false when `end` succeeds, behind which it never will. Throws as
    /// ``run(_:)``, and `machineTimedOut` when it takes longer than that.
    ///
    /// - Parameter end: must come about at once, as a file does that is renamed.
    public func wait(until condition: String, unless end: String, seconds: Double) throws(ToolError) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while true {
            // In this order: what was done before the end is there when one sees the end.
            let hasEnded = try run(end).status == 0
            if try run(condition).status == 0 { return true }
            guard !hasEnded else { return false }
            guard Date() < deadline else { throw ToolError(.machineTimedOut, "\(condition): see \(log)") }
            Thread.sleep(forTimeInterval: 0.3)
        }
    }

    /// Reads until `parse` finds what it looks for in all that came.
    private func receive<Found>(
        _ what: String, _ parse: (String) -> Found?
    ) throws(ToolError) -> Found {
        var received: [UInt8] = []
        while true {
            if let found = parse(String(decoding: received, as: UTF8.self)) { return found }
            let bytes = socket.receive()
            guard let bytes else { throw ToolError(.machineTimedOut, "\(what): see \(log)") }
            guard !bytes.isEmpty else { throw ToolError(.targetUnreachable, log) }
            received += bytes
        }
    }

    /// Types a line whose answer nobody waits for.
    public func send(_ line: String) { socket.send(line + "\n") }

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

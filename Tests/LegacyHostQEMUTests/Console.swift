import Foundation
import MachineRunner

/// The shell on the machine's serial port.
final class Console: Sendable {
    private let shell: HostShell

    /// What a command wrote, both streams, and its exit status.
    struct Answer {
        let text: String
        let status: Int
    }

    enum Failure: Error {
        case noAnswer(String)
    }

    init(socket path: String) throws {
        // Longer than a guest takes to boot, and to be waited for, on a machine that is busy with other things, too.
        shell = try HostShell(folder: URL(filePath: path).deletingLastPathComponent().path, patience: 300)
    }

    /// Runs a command in the legacy host, as root.
    func run(_ command: String) throws -> Answer {
        let answer = try shell.run(command)
        return Answer(text: answer.text, status: answer.status)
    }

    /// Types a line whose answer nobody waits for.
    func send(_ line: String) { shell.send(line) }
}

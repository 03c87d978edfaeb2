internal import Foundation

extension BareMachine {
    /// Seconds with a processor in which an emulator stops when it is asked to; it takes some milliseconds.
    private static var patience: Double { 20 }

    /// Whether a processor of the emulator never comes to the end of an instruction. Between two it stops when it is asked to,
    /// whatever the machine runs, so that neither the security manager nor the attacker is what keeps it. False without a monitor.
    var isStuck: Bool {
        guard hasMonitor, let monitor = try? FolderSocket(folder, FileName.monitor, patience: 1) else {
            return false
        }
        monitor.send("stop\ninfo status\n")
        var (time, waited, answer) = (OwnTime(of: machine.identifier), 0.0, "")
        while waited < Self.patience {
            if let bytes = monitor.receive() {
                guard !bytes.isEmpty else { return false }
                answer += String(decoding: bytes, as: UTF8.self)
            }
            if answer.contains("VM status: paused") { return false }
            waited += time.passed()
        }
        return true
    }
}

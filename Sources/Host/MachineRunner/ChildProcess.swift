internal import CChildren
internal import Diagnostics
internal import Glibc
internal import SICEABI

/// A program that runs beside this one and ends with it, whatever ends it, and with it all that it started; its words go to a
/// log file. Each program that the project starts on a computer of the verifier is one.
final class ChildProcess: Sendable {
    private let number: Int32
    let identifier: Int32

    /// Starts a program; a lock is held until it has ended. Throws `programMissing` when it is not installed, `outputFailed`
    /// when the log cannot be written, `machineDied` when it cannot be started.
    init(
        _ name: String, _ arguments: [String], folder: String? = nil, log: String, lock: FolderLock? = nil
    ) throws(ToolError) {
        // It is started in its folder.
        let path = try Program.find(name).absolutePath
        let output = unsafe open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
        guard output >= 0 else { throw ToolError(.outputFailed, "\(log): \(String(systemError: errno))") }
        defer { close(output) }
        number = unsafe CString.with([path] + arguments) { words in
            unsafe CString.with(folder.map { [$0] } ?? []) { folder in
                var program = unsafe sice_program()
                unsafe program.path = UnsafePointer(words[0])
                unsafe program.arguments = UnsafePointer(words)
                unsafe program.folder = UnsafePointer(folder[0])
                unsafe program.output = output
                unsafe program.lock = lock?.descriptor ?? -1
                return unsafe sice_child_start(&program)
            }
        }
        guard number >= 0 else {
            throw ToolError(.machineDied, "\(path): \(String(systemError: errno))")
        }
        identifier = sice_child_identifier(number)
    }

    deinit { sice_child_forget(number) }

    var isRunning: Bool { sice_child_is_running(number) != 0 }

    /// Waits for the end, and tells a signal from a status.
    func wait() -> MachineEnd {
        let status = sice_child_wait(number)
        let signal = status & 0x7F
        return signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
    }

    /// Asks the program to end, and after two seconds makes it.
    func stop() { sice_child_stop(number) }

    /// From now on it may outlive this program.
    func letGo() { sice_child_let_go(number) }
}

/// Texts for a C function.
private enum CString {
    /// Their addresses, and a null behind the last.
    static func with<Result>(
        _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
        defer { while let pointer = unsafe pointers.popLast() { unsafe free(pointer) } }
        return unsafe pointers.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress!) }
    }
}

internal import CChildren
internal import Diagnostics
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A program that runs beside this one and ends with it, whatever ends it, and with it all that it started; its words go to a
/// log file. Each program that the project starts on a computer of the verifier is one: this is the only way to start any.
///
/// Not swift-subprocess, which ends a program when a task is cancelled, but cannot when this process is killed; see
/// `children.h`.
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
        let output: OpenFile
        do throws(Errno) {
            output = try OpenFile(
                log, .writeOnly, options: [.create, .append],
                permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
        } catch { throw ToolError(.outputFailed, "\(log): \(error)") }
        let words = ([path] + arguments).flatMap { $0.utf8CString }
        number = output.use { output in
            unsafe sice_child_start(
                words, Int32(arguments.count + 1), folder ?? "", output.rawValue,
                lock?.file.descriptor.rawValue ?? -1)
        }
        withExtendedLifetime(lock) {}
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
    func detach() { sice_child_detach(number) }
}

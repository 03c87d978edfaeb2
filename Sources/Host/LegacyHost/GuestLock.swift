internal import Diagnostics
internal import Glibc
internal import SICEABI

/// One device model at a time may serve a guest.
final class GuestLock {
    private let file: Int32

    /// Throws `environmentBusy` when another process serves the guest.
    init(_ environment: UInt32) throws(ToolError) {
        let path = "\(HostSession.folder)/run-\(environment)"
        file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw ToolError(.permissionDenied, "\(path): \(String(systemError: errno))") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw ToolError(.environmentBusy, "another `sice run` serves environment \(environment)")
        }
    }

    deinit { close(file) }
}

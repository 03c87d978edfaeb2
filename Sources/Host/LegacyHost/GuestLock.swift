internal import Diagnostics
internal import SICEABI

/// One device model at a time may serve a guest.
final class GuestLock {
    private let file: LockFile

    /// Throws `environmentBusy` when another process serves the guest.
    init(_ environment: UInt32) throws(ToolError) {
        file = try LockFile("\(HostSession.folder)/run-\(environment)")
        guard try file.tryLock() else {
            throw ToolError(.environmentBusy, "another `sice run` serves environment \(environment)")
        }
    }
}

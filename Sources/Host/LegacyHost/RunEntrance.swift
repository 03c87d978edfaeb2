public import Diagnostics
internal import Glibc
public import GuestRunner
public import ManagerClient
internal import SICEABI

/// Enters a Linux guest in time-sharing mode, on the core that this thread stays on from now on.
///
/// `RUN` touches no staging memory, so it needs no lock: other commands get through between two slices. One device model
/// at a time may serve a guest; that is what the lock file of this type is for.
public final class RunEntrance: GuestEntrance {
    private let client: ManagerClient<MachineConnection>
    private let environment: UInt32
    private let lock: Int32

    /// Throws `environmentBusy` when another process serves the guest, `permissionDenied`, `noCommunicationArea`.
    public init(_ environment: UInt32) throws(ToolError) {
        self.environment = environment
        lock = unsafe open(
            "\(HostSession.folder)/run-\(environment)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw ToolError(.permissionDenied, "\(HostSession.folder): \(String(systemError: errno))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw ToolError(.environmentBusy, "another `sice run` serves environment \(environment)")
        }
        let connection = try MachineConnection(CommunicationRange())
        try connection.stayOnThisCore()
        client = ManagerClient(connection)
    }

    deinit { close(lock) }

    public func enter(input: UInt64, interrupt: UInt8?) throws(ToolError) -> Slice {
        try client.enter(environment, input: input, interrupt: interrupt)
    }
}

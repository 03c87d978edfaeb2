public import Diagnostics
public import GuestRunner
public import ManagerClient

/// Enters a Linux guest in time-sharing mode, on the core that this thread stays on from now on.
///
/// `RUN` touches no staging memory, so it needs no ``HostSession``: other commands get through between two slices.
public final class RunEntrance: GuestEntrance {
    private let client: ManagerClient<MachineConnection>
    private let environment: UInt32
    private let lock: GuestLock

    /// Throws `environmentBusy` when another process serves the guest, `permissionDenied`, `noCommunicationArea`.
    public init(_ environment: UInt32) throws(ToolError) {
        self.environment = environment
        lock = try GuestLock(environment)
        let connection = try MachineConnection(CommunicationRange())
        try connection.stayOnThisCore()
        client = ManagerClient(connection)
    }

    public func enter(input: UInt64, interrupt: UInt8?) throws(ToolError) -> Slice {
        try client.enter(environment, input: input, interrupt: interrupt)
    }
}

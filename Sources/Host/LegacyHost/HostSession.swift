public import Diagnostics
internal import LinuxSystem
public import ManagerClient
internal import SICEABI
internal import SystemPackage

/// This process's use of the manager and of its staging memory, which one process at a time may have. Guests run on
/// meanwhile, and write to the run-time log.
public struct HostSession: ~Copyable {
    /// Where locks and window ledger lie; cleared by each boot, as the manager's environments are.
    public static let folder = "/run/sice"

    private let lock: TurnLock
    private var client: ManagerClient<MachineConnection>

    /// Throws `noManager`, `noCommunicationArea`, `permissionDenied`.
    public init() throws(ToolError) {
        // First of all, so that nothing is left on a machine without a manager.
        let range = try CommunicationRange()
        try? FileSystem.makeFolder(Self.folder, .ownerReadWriteExecute)
        let lock = try TurnLock(Self.folder + "/lock")
        let client = ManagerClient(try MachineConnection(range, session: lock))
        _ = try client.info()
        (self.lock, self.client) = (lock, client)
    }

    /// Runs `body` with the manager to itself. Throws `managerTaken` when another process does not let go of it.
    public mutating func turn<Result>(
        _ body: (inout ManagerClient<MachineConnection>) throws(ToolError) -> Result
    ) throws(ToolError) -> Result {
        try lock.acquire()
        defer { lock.release() }
        let path = Self.folder + "/windows"
        let ledger = (try? InputFile.read(path, limit: 1 << 16)) ?? []
        client.windows = WindowLedger(
            String(decoding: ledger, as: UTF8.self), areaSize: client.connection.areaSize)
        let before = client.windows
        let outcome: Swift.Result<Result, ToolError>
        do throws(ToolError) { outcome = .success(try body(&client)) } catch { outcome = .failure(error) }
        // Also after an error: an environment may exist already. Whoever changes it lets nobody in meanwhile.
        if client.windows != before {
            try OutputFile.write(Array(client.windows.text.utf8), to: path)
        }
        return try outcome.get()
    }

    /// Runs `body` once with the manager to itself. Throws `noManager`, `noCommunicationArea`, `permissionDenied`,
    /// `managerTaken`.
    public static func run<Result>(
        _ body: (inout ManagerClient<MachineConnection>) throws(ToolError) -> Result
    ) throws(ToolError) -> Result {
        var session = try HostSession()
        return try session.turn(body)
    }
}

public import Diagnostics
internal import Glibc
public import ManagerClient
internal import SICEABI

/// Exclusive use of the staging memory by this process for a while. Guests run on meanwhile, and write to the run-time log.
public enum HostSession {
    /// Where lock and window ledger lie; cleared by each boot, as the manager's environments are.
    public static let folder = "/run/sice"

    /// Runs `body` with the lock held. Throws `noManager`, `noCommunicationArea`, `permissionDenied`.
    public static func run<Result>(
        _ body: (inout ManagerClient<MachineConnection>) throws(ToolError) -> Result
    ) throws(ToolError) -> Result {
        // First of all, so that nothing is left on a machine without a manager.
        let range = try CommunicationRange()
        let lock = try acquire()
        defer { close(lock) }
        let connection = try MachineConnection(range)
        var client = ManagerClient(connection)
        _ = try client.info()
        let ledger = (try? InputFile.read(folder + "/windows", limit: 1 << 16)) ?? []
        client.windows = WindowLedger(String(decoding: ledger, as: UTF8.self), areaSize: connection.areaSize)
        client.windows.keep(try client.environments().map(\.identifier))
        let before = client.windows
        let outcome: Swift.Result<Result, ToolError>
        do throws(ToolError) { outcome = .success(try body(&client)) } catch { outcome = .failure(error) }
        // Also after an error: an environment may exist already.
        if client.windows != before {
            try OutputFile.write(Array(client.windows.text.utf8), to: folder + "/windows")
        }
        return try outcome.get()
    }

    private static func acquire() throws(ToolError) -> Int32 {
        _ = unsafe mkdir(folder, 0o700)
        let lock = unsafe open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw ToolError(.permissionDenied, "\(folder)/lock: \(String(systemError: errno))")
        }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else {
                close(lock)
                throw ToolError(.permissionDenied, "\(folder)/lock: \(String(systemError: errno))")
            }
        }
        return lock
    }
}

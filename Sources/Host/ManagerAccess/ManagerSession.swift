public import Diagnostics

/// What the processes that use one manager share besides it: whose turn it is, and where windows lie.
public protocol ManagerSharing {
    associatedtype Connection: ManagerConnection
    /// The way to the manager, made once.
    var connection: Connection { get }
    /// Waits for this process's turn. Throws `managerTaken`, which names the holder, when it does not come.
    func acquire() throws(ToolError)
    func release()
    /// The text of the window ledger; empty when there is none.
    func ledger() -> String
    /// Keeps it. Throws `outputFailed`.
    func keep(_ ledger: String) throws(ToolError)
}

/// This process's use of the manager, for as long as it likes: the manager is asked who it is once, and what cannot change, or
/// what a refusal corrects, is known from then on. A command of its own costs one SMI.
public struct ManagerSession<Sharing: ManagerSharing>: ~Copyable {
    private let sharing: Sharing
    private var client: ManagerClient<Sharing.Connection>

    /// Throws `noManager`, `unknownCommand` for a manager of another version.
    public init(_ sharing: Sharing) throws(ToolError) {
        self.sharing = sharing
        client = ManagerClient(sharing.connection)
        _ = try client.info()
    }

    /// Runs `body` with the manager and its staging memory to itself; guests run on meanwhile, and write to the run-time log.
    /// Whatever `body` waits for but the manager must be there before. Throws `managerTaken` when another process does not
    /// let go of it.
    public mutating func turn<Result>(
        _ body: (inout ManagerClient<Sharing.Connection>) throws(ToolError) -> Result
    ) throws(ToolError) -> Result {
        try sharing.acquire()
        defer { sharing.release() }
        client.windows = WindowLedger(sharing.ledger(), areaSize: client.connection.areaSize)
        let before = client.windows
        let outcome: Swift.Result<Result, ToolError>
        do throws(ToolError) { outcome = .success(try body(&client)) } catch { outcome = .failure(error) }
        // Also after an error: an environment may exist already. Whoever changes it lets nobody in meanwhile.
        if client.windows != before { try sharing.keep(client.windows.text) }
        return try outcome.get()
    }
}

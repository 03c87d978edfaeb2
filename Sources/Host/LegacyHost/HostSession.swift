public import Diagnostics
internal import LinuxSystem
public import ManagerAccess
internal import SICEABI
internal import SystemPackage

/// The manager of the machine that this process runs on.
public typealias HostSession = ManagerSession<HostSharing>

/// What a session of this machine shares with others: a lock and a file.
public final class HostSharing: ManagerSharing {
    public let connection: MachineConnection
    private let lock: TurnLock
    private static let ledgerFile = HostSession.folder + "/windows"

    /// Throws `noCommunicationArea`, `permissionDenied`.
    init(_ isWanted: @escaping () -> Bool) throws(ToolError) {
        // First of all, so that nothing is left on a machine without a manager.
        let range = try CommunicationRange()
        try? FileSystem.makeFolder(HostSession.folder, .ownerReadWriteExecute)
        lock = try TurnLock(HostSession.folder + "/lock")
        connection = try MachineConnection(range, session: lock, isWanted: isWanted)
    }

    public func acquire() throws(ToolError) { try lock.acquire() }
    public func release() { lock.release() }

    public func ledger() -> String {
        String(decoding: (try? InputFile.read(Self.ledgerFile, limit: 1 << 16)) ?? [], as: UTF8.self)
    }

    public func keep(_ ledger: String) throws(ToolError) {
        try OutputFile.write(Array(ledger.utf8), to: Self.ledgerFile)
    }
}

extension ManagerSession where Sharing == HostSharing {
    /// Where locks and window ledger lie; cleared by each boot, as the manager's environments are.
    public static var folder: String { "/run/sice" }

    /// By the thread that uses it: port permissions are a thread's. A call ends with `callAbandoned` once `isWanted` says no.
    /// Throws `noManager`, `noCommunicationArea`, `permissionDenied`.
    public init(isWanted: @escaping () -> Bool = { true }) throws(ToolError) {
        try self.init(HostSharing(isWanted))
    }

    /// The folder, made when it is not there; nil on a machine without a manager, where nothing is left.
    public static func preparedFolder() throws(ToolError) -> String? {
        do throws(ToolError) { _ = try CommunicationRange() } catch {
            guard error.code == .noCommunicationArea else { throw error }
            return nil
        }
        try? FileSystem.makeFolder(folder, .ownerReadWriteExecute)
        return folder
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

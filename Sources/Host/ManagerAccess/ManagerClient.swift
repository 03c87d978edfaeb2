public import Diagnostics
internal import SICEABI

/// The legacy host's side of the command interface. It trusts neither the manager's answers with its own memory
/// nor a workload with its window: every length that comes back is checked.
///
/// The start of the communication area is for staging, the rest for windows. Only one client may use it at a time.
public struct ManagerClient<Connection: ManagerConnection> {
    public let connection: Connection
    /// Where windows lie; survives the process (see ``WindowLedger``).
    public var windows: WindowLedger
    let places = LastSeen()

    public init(_ connection: Connection, windows: WindowLedger = WindowLedger()) {
        self.connection = connection
        self.windows = windows
    }

    /// Sends a command. Throws the manager's error with `subject` as its detail.
    @discardableResult
    func call(
        _ registers: ManagerRegisters, _ subject: @autoclosure () -> String = ""
    ) throws(ToolError) -> ManagerRegisters {
        let answer = try connection.send(registers)
        guard answer.rax & ~0xFFFF == ABI.responseMagic else { throw ToolError(.noManager) }
        let code = UInt16(truncatingIfNeeded: answer.rax)
        guard code != 0 else { return answer }
        guard let error = ErrorCode(rawValue: code) else {
            throw ToolError(.managerFault, "unknown error number \(code)")
        }
        throw ToolError(error, subject())
    }

    /// Physical address of a place in the area.
    func address(_ offset: Int) -> UInt64 { connection.areaBase + UInt64(offset) }
}

/// How the communication area is divided. Offsets in bytes.
enum AreaLayout {
    /// Input of a command: a nonce.
    static let input = 0
    /// Output of a command: a report, a key, a record, a log entry.
    static let output = 1024
    static let outputSize = CommunicationArea.requestWords - output
    /// Pages of an image on their way into SMRAM.
    static let staging = 4096
    static let stagingSize = Int(ABI.maximumBatchPages * ABI.pageSize)
    /// Exchange pages, one an environment slot.
    private static let exchange = staging + stagingSize
    static func exchangePage(of environment: UInt32) -> Int {
        exchange + Int(environment) % ABI.maximumEnvironments * Int(ABI.pageSize)
    }
    /// Windows, up to the end of the area.
    static let windows = exchange + ABI.maximumEnvironments * Int(ABI.pageSize)
}

/// What `INFO` says.
public struct ManagerInfo: Equatable, Sendable {
    public let version: UInt32
    public let poolPages: UInt64
    public let freePages: UInt64
    public let cores: UInt64
    /// Bits of ``SICEABI/PlatformFlags``.
    public let flags: UInt64
}

extension ManagerClient {
    /// Asks who is there. Throws `noManager` when nobody is, `unknownCommand` for another interface version.
    public func info() throws(ToolError) -> ManagerInfo {
        let answer = try call(ManagerRegisters(.info))
        let version = UInt32(truncatingIfNeeded: answer.rbx)
        guard version == ABI.version else {
            throw ToolError(
                .unknownCommand, "the manager speaks version \(version), this tool \(ABI.version)")
        }
        return ManagerInfo(
            version: version, poolPages: answer.rcx, freePages: answer.rdx, cores: answer.rsi,
            flags: answer.rdi)
    }
}

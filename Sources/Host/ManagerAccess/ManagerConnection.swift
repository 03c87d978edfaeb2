public import Diagnostics
public import SICEABI

/// Registers of a command or of its answer.
public struct ManagerRegisters: Equatable, Sendable {
    public var rax: UInt64
    public var rbx: UInt64
    public var rcx: UInt64
    public var rdx: UInt64
    public var rsi: UInt64
    public var rdi: UInt64

    /// A command with its arguments.
    public init(_ command: Command, rcx: UInt64 = 0, rdx: UInt64 = 0, rsi: UInt64 = 0, rdi: UInt64 = 0) {
        rax = ABI.requestMagic
        rbx = command.rawValue
        self.rcx = rcx
        self.rdx = rdx
        self.rsi = rsi
        self.rdi = rdi
    }
}

/// The way to the manager: SMIs and the communication area. Real on a machine, simulated in tests.
public protocol ManagerConnection {
    /// Physical address of the communication area.
    var areaBase: UInt64 { get }
    /// Its size in bytes.
    var areaSize: Int { get }
    /// Raises the SMI and returns the registers after it. Throws `noManager` when nothing answered.
    func send(_ registers: ManagerRegisters) throws(ToolError) -> ManagerRegisters
    /// Copies into the area. The range lies inside it.
    func write(_ bytes: ArraySlice<UInt8>, at offset: Int)
    /// Copies out of the area. The range lies inside it.
    func read(_ count: Int, at offset: Int) -> [UInt8]
    /// Lets a moment pass between two looks at memory that an isolated core changes; longer after many looks.
    func pause(afterLooks looks: Int)

    /// Lets other processes that wait for the manager use it once, before this one goes on. Afterwards nothing that was
    /// known of environments need be true any more. Throws `managerTaken` when the manager does not come back.
    func letOthersIn() throws(ToolError)
    /// From here to ``endConversation()`` no other process asks this environment's workload anything, also while it is
    /// let in. Throws `managerTaken` when another one does not come to an end.
    func beginConversation(with environment: UInt32) throws(ToolError)
    func endConversation()
    /// Whether another process is in a conversation with this environment's workload.
    func isConversing(_ environment: UInt32) throws(ToolError) -> Bool
}

/// A connection that no other process has.
extension ManagerConnection {
    public func letOthersIn() throws(ToolError) {}
    public func beginConversation(with environment: UInt32) throws(ToolError) {}
    public func endConversation() {}
    public func isConversing(_ environment: UInt32) throws(ToolError) -> Bool { false }
}

/// How long a host watches memory that an isolated core changes.
public enum Patience {
    /// Looks that follow each other at once; an isolated core mostly answers within microseconds.
    public static let quickLooks = 2000
    /// After them, how many looks other processes wait for their turn with the manager.
    static let looksOfATurn = 16
}

/// The legacy host's registers that a command reads and an answer may change.
public struct HostRegisters: Equatable, Sendable {
    public var rax: UInt64
    public var rbx: UInt64
    public var rcx: UInt64
    public var rdx: UInt64
    public var rsi: UInt64
    public var rdi: UInt64
    /// The request's word (``CommunicationArea/requestWords``); no answer changes it.
    public let r8: UInt64
    /// What the save state says of a port access; no answer changes it.
    public let access: PortAccess

    public init(
        rax: UInt64 = 0, rbx: UInt64 = 0, rcx: UInt64 = 0, rdx: UInt64 = 0, rsi: UInt64 = 0, rdi: UInt64 = 0,
        r8: UInt64 = 0, access: PortAccess = PortAccess(0)
    ) {
        self.rax = rax
        self.rbx = rbx
        self.rcx = rcx
        self.rdx = rdx
        self.rsi = rsi
        self.rdi = rdi
        self.r8 = r8
        self.access = access
    }
}

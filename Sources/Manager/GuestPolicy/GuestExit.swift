/// A decoded #VMEXIT. The machine fills it from the VMCB; only the manager decides what it means.
public struct GuestExit: Equatable, Sendable {
    public var kind: GuestExitKind
    /// Exception vector, EXITINFO1 of a port or register access, or the SVM exit code of anything else.
    public var code: UInt64
    /// CR2 of a page fault, guest-physical address of a nested page fault, RIP of anything else.
    public var address: UInt64
    /// RIP after a port access; 0 for anything else.
    public var next: UInt64

    public init(_ kind: GuestExitKind, code: UInt64 = 0, address: UInt64 = 0, next: UInt64 = 0) {
        self.kind = kind
        self.code = code
        self.address = address
        self.next = next
    }
}

/// Kinds of exits (AMD64 APM volume 2, appendix C).
public enum GuestExitKind: UInt8, Equatable, Sendable {
    /// VMMCALL: a service call, RAX names it.
    case vmmcall
    /// A physical interrupt, NMI or SMI is pending for the host (INTR, NMI, …).
    case hostInterrupt
    /// Intercepted exception; `code` is the vector.
    case exception
    /// Nested page fault; `address` is guest-physical.
    case nestedPageFault
    /// Triple fault.
    case shutdown
    /// SVM or other instruction that no guest may use; `code` is the SVM exit code.
    case forbiddenInstruction
    /// IN, OUT, INS, OUTS.
    case ioio
    case hlt
    /// CPUID.
    case cpuid
    /// RDMSR, WRMSR; `code` is 1 for a write.
    case msr
    /// MOV to or from a debug register.
    case debugRegister
    /// VMEXIT_INVALID: the CPU refused the guest state.
    case invalidState
    /// Any other exit code.
    case other
}

public import SICEABI

/// A decoded #VMEXIT. The machine fills it from the VMCB; only ``Manager`` decides what it means.
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
    case call
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
    case port
    case halt
    /// CPUID.
    case identification
    /// RDMSR, WRMSR; `code` is 1 for a write.
    case registerAccess
    /// MOV to or from a debug register.
    case debugRegister
    /// VMEXIT_INVALID: the CPU refused the guest state.
    case invalidState
    /// Any other exit code.
    case other
}

/// Exceptions that the manager raises in a Linux guest (AMD64 APM volume 2, §8.2).
public enum GuestException: UInt8, Equatable, Sendable {
    /// #DB.
    case debug = 1
    /// #UD: as if the CPU had no such instruction.
    case undefinedInstruction = 6
    /// #GP(0).
    case generalProtection = 13
    /// #AC(0).
    case alignmentCheck = 17

    /// Whether it pushes an error code, which is always 0.
    public var hasErrorCode: Bool { self == .generalProtection || self == .alignmentCheck }
}

/// How a virtual CPU starts.
public struct GuestEntry: Equatable, Sendable {
    public var kind: ImageKind
    /// Guest-virtual address of the first instruction, initial RSP, initial CR3.
    public var entry: UInt64
    public var stackPointer: UInt64
    public var pageTableRoot: UInt64
    /// Initial RSI of a Linux guest; 0 otherwise.
    public var bootParameters: UInt64

    public init(
        kind: ImageKind, entry: UInt64, stackPointer: UInt64, pageTableRoot: UInt64, bootParameters: UInt64
    ) {
        self.kind = kind
        self.entry = entry
        self.stackPointer = stackPointer
        self.pageTableRoot = pageTableRoot
        self.bootParameters = bootParameters
    }
}

/// General registers of a guest, by their number in instruction encodings (APM volume 3, §1.4.1).
public enum GuestRegister: UInt8, Sendable {
    case rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15
}

/// One of the machine's SHA-256 states: one per environment slot, and one for work inside a single command.
public struct DigestSlot: Equatable, Sendable {
    /// 0…``count`` − 1.
    public let index: Int
    public static let count = ABI.maximumEnvironments + 1
    static let scratch = DigestSlot(index: ABI.maximumEnvironments)

    static func environment(_ slot: Slot) -> DigestSlot { DigestSlot(index: slot.index) }
}

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

/// What the entry code does after the manager decided.
public enum ManagerStep: Equatable, Sendable {
    /// Write the registers back and return to the host.
    case resumeHost
    /// Release the lock, enter the virtual CPU of this slot, take the lock, call
    /// ``Manager/finish(_:on:registers:machine:)``.
    case enterGuest(slot: Slot)
    /// As ``enterGuest(slot:)``, on a core of multi-core mode: host interrupts are held off, and a signal
    /// (``CoreMachine/signal(_:identifier:_:)``) ends the slice as a ``GuestExitKind/hostInterrupt``.
    case enterIsolated(slot: Slot)
    /// Release the lock, call ``Exchange/wait(machine:)``, take the lock, call ``Manager/resume(_:on:machine:)``.
    case awaitAnswer(Exchange)
}

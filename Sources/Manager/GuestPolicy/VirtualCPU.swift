public import SICEABI

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

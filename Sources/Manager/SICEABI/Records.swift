/// State of an environment as records and reports show it.
public enum LifecycleState: UInt8, Sendable {
    case absent = 0
    case loading = 1
    case sealed = 2
    case runnable = 3
    case running = 4
    case dead = 5
    /// Being destroyed, batch by batch; only `destroy` is accepted.
    case scrubbing = 6
}

/// How an environment gets its core.
public enum ExecutionMode: UInt8, Sendable {
    case timeSharing = 1
    case multiCore = 2

    /// The mode's name in texts, and for `sice run --mode`.
    public var name: StaticString {
        switch self {
        case .timeSharing: "time-sharing"
        case .multiCore: "multi-core"
        }
    }
}

/// Byte offsets of the record that `STATUS` writes. Integers are little-endian.
public enum EnvironmentRecordLayout {
    public static let identifier = 0  // u32
    public static let state = 4  // u8 LifecycleState
    public static let mode = 5  // u8 ExecutionMode
    public static let debug = 6  // u8 0 or 1
    public static let windowCount = 7  // u8
    public static let pages = 8  // u64 pool pages owned, nested page tables included
    public static let runs = 16  // u64 world switches so far
    public static let crashCode = 24  // u64 vector or CrashCode of the last crash
    public static let crashAddress = 32  // u64
    public static let name = 40  // 32 bytes, NUL-padded UTF-8
    public static let measurement = 72  // 32 bytes, zero before sealed
    public static let windowSizes = 104  // 4 × u32, in pages
    /// u32 local APIC identifier of the core that it was launched on; ``noCore`` in any other state.
    public static let core = 120
    public static let noCore: UInt32 = .max
    public static let kind = 124  // u8 ImageKind
    /// u16 accesses to model-specific registers that were refused to a Linux guest; stays at its maximum.
    public static let refusals = 126
    public static let size = 128
}

/// What a run-time log entry records.
public enum LogEvent: UInt16, Sendable {
    case boot = 1
    case sealed = 2
    case started = 3
    case exited = 4
    case crashed = 5
    case destroyed = 6
    case refused = 7
    case unexpectedReset = 8
    case managerFault = 9
}

/// Byte offsets of a run-time log entry. head' = SHA-256(head ‖ entry); the first head is 32 zero bytes.
public enum LogEntryLayout {
    public static let sequence = 0  // u64, from 0
    public static let event = 8  // u16 LogEvent
    public static let error = 10  // u16 ErrorCode, 0 if none
    public static let environment = 12  // u32 id
    public static let detail0 = 16  // u64: exit status, vector, command number
    public static let detail1 = 24  // u64: address
    public static let digest = 32  // 32 bytes: measurement or zero
    public static let size = 64
}

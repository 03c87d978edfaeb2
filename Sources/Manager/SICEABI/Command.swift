/// Commands of the legacy host to the security manager.
///
/// A command is `OUT 0xB2, 0xC5` with RAX = ``ABI/requestMagic``, RBX = the raw value below, arguments in RCX, RDX,
/// RSI, RDI, and in R8 a word that was just written to ``CommunicationArea/requestWords``. The manager answers in RAX (``ABI/responseMagic`` | error) and, on success, in the
/// registers that the command's row names; every other register is unchanged (invariant I6). On failure only
/// RAX changes. "Address" means a host-physical address; it must lie in RAM that is not SMRAM (I1).
public enum Command: UInt64, Sendable {
    /// → RBX ABI version, RCX pool pages in all, RDX pool pages free, RSI cores, RDI platform flags
    /// (``PlatformFlags``).
    case info = 1
    /// RCX address of the image's header page (page-aligned). → RBX environment id. `absent → loading`.
    case create = 2
    /// RCX id, RDX address of the next content pages (page-aligned), RSI how many (1…16).
    /// → RBX content pages still to come. `loading`.
    case load = 3
    /// RCX id. Gives the image its zero pages, a batch at a time. → RBX pages still to do; 0: the environment
    /// is `sealed` (or `runnable` if it declares no window) and its measurement final.
    case seal = 4
    /// RCX id, RDX window index, RSI address of host memory of the declared size (page-aligned).
    /// → RBX windows still to attach; 0: `runnable`. `sealed`.
    case attach = 5
    /// RCX id, RDX input word (the guest's RBX when it continues from a yield, the value when it continues from a port
    /// read; ignored otherwise), for a Linux guest RSI an interrupt to deliver, ``GuestEvent``, or 0, and RDI a
    /// ``ControllerWord`` or 0.
    /// → RBX ``ExitReason``, RCX and RDX its operands, 0 if it has none; for a Linux guest RSI 1 while it has not taken
    /// the interrupt yet, else 0, and RDI the word as the guest left it, 0 when none was given. `runnable → running → runnable | dead`.
    case run = 6
    /// RCX id. Zeroes and frees, a batch at a time. → RBX pages still to do; 0: `absent`. Any state but running.
    case destroy = 7
    /// RCX id, RDX address of the nonce (32 bytes), RSI address of the output, RDI its size in bytes.
    /// → RBX length of the COSE_Sign1 report. `sealed`, `runnable`, `running`, `dead`.
    case report = 8
    /// RCX address of an output of 65 bytes: the public report key, an uncompressed P-256 point.
    case reportKey = 9
    /// RCX entry index, RDX address of an output of ``LogEntryLayout/size`` bytes. → RBX entries ever written.
    case readLog = 10
    /// RCX slot (0…15), RDX address of an output of ``EnvironmentRecordLayout/size`` bytes.
    /// → RBX id, 0 when the slot is empty (then nothing is written).
    case status = 11
    /// RCX address of an output of 32 bytes: the log's chain value before the oldest entry that is kept.
    /// → RBX sequence number of that entry, RCX entries ever written. A verifier hashes on from there to the head
    /// that the report signs.
    case logBase = 12
    /// RCX id, RDX local APIC identifier of another core, RSI address of an exchange page (``ExchangeLayout``,
    /// page-aligned). Sends that core an SMI; it enters the guest and stays in SMM. Returns at once.
    /// `runnable → running` in multi-core mode. The host must have taken the core offline before.
    case launch = 13
    /// RCX id. Asks the core of a `launch` to come back. → RBX 1 while it has not yet, call again; 0: it left SMM.
    /// `running` in multi-core mode; done already in `runnable` and `dead`.
    case stop = 14
    /// RCX id. Wakes the core of a `launch` that sleeps, or makes a guest that runs look at its exchange page.
    /// `running` in multi-core mode.
    case kick = 15
    /// Payload only, before lock: makes the report key and writes its public part (65 bytes) at address RCX.
    case install = 0x100
    /// Payload only, after it locked the chipset: reads the posture back and closes the boot commands.
    case lock = 0x101
}

/// Why `RUN` came back. Operands are in RCX and RDX; nothing else of the guest is visible (I5).
public enum ExitReason: UInt64, Sendable {
    /// The guest called ``Service/yield``; RCX is the word it passed.
    case yield = 1
    /// A host interrupt ended the slice; call `RUN` again.
    case hostInterrupt = 2
    /// The guest called ``Service/exit``; RCX is its status. The environment is dead.
    case exited = 3
    /// The guest crashed: RCX is the exception vector or ``CrashCode``, RDX the address at fault. Dead.
    case crashed = 4
    /// A Linux guest reads a port: RCX is port | width in bytes << 16. The next input word is the value.
    case portRead = 5
    /// A Linux guest wrote a port: RCX as in ``portRead``, RDX the value.
    case portWrite = 6
    /// A Linux guest waits for an interrupt: RDX is 1, or 0 if it takes none, so that it never wakes.
    case halted = 7
    /// The guest called ``Service/doorbell``: RCX is its word. Nothing is awaited.
    case doorbell = 8
}

/// An interrupt for a Linux guest: ``valid`` and a vector within ``vectors``.
public enum GuestEvent {
    public static let valid: UInt64 = 1 << 31
    public static let vectors: ClosedRange<UInt64> = 32...255
}

/// Values of RCX in an ``ExitReason/crashed`` exit that are not exception vectors.
public enum CrashCode {
    /// Access outside the environment's memory map or against a region's permissions.
    public static let memoryMap: UInt64 = 0x100
    /// Triple fault.
    public static let shutdown: UInt64 = 0x101
    /// Port access, MSR access or privileged instruction that a bare program may not use.
    public static let forbiddenInstruction: UInt64 = 0x102
    /// Call of a service that does not exist.
    public static let unknownService: UInt64 = 0x103
    /// The machine state could not be entered (VMEXIT_INVALID).
    public static let invalidState: UInt64 = 0x104
    /// The core was reset under the running environment.
    public static let coreReset: UInt64 = 0x105
    /// An access to a debug register, by an instruction of a Linux guest that could not be read.
    public static let unreadableInstruction: UInt64 = 0x106
}

/// Services of the manager to an isolated workload: VMMCALL with RAX = the raw value.
///
/// Arguments and results travel in registers only, so that the manager never follows a guest pointer.
/// RAX returns 0 or an `ErrorCode` raw value.
public enum Service: UInt64, Sendable {
    /// RBX word for the host. Returns when the host calls `RUN` again; RAX = 0, RBX = the host's input word.
    case yield = 1
    /// RBX status. Does not return.
    case exit = 2
    /// → RBX, RCX, RDX, RSI: 32 random bytes.
    case random = 3
    /// RBX, RCX, RDX, RSI, RDI, R8, R9, R10: 64 bytes of workload data, little-endian, for later reports.
    case setWorkloadData = 4
    /// RBX window index → RBX guest-physical address, RCX size in bytes.
    case window = 5
    /// RBX word for the host, which gets it at once; the guest goes on with the next slice. The one service that a
    /// program under a guest's kernel may call, too.
    case doorbell = 6
}

/// Bits of RDI after `INFO`.
public enum PlatformFlags {
    /// The boot commands are closed and SMRAM is locked.
    public static let locked: UInt64 = 1 << 0
    /// The ROM's explicit insecure option is set.
    public static let insecureOption: UInt64 = 1 << 1
    /// The ROM is the stand-in for QEMU, not a coreboot build.
    public static let standInROM: UInt64 = 1 << 2
    /// A report key exists.
    public static let reportKey: UInt64 = 1 << 3
}

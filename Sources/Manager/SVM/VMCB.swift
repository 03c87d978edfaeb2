/// Offsets in a virtual machine control block (AMD64 APM volume 2, appendix B). All integers little-endian.
public enum VMCB {
    public static let size = 4096

    // Control area.
    public static let controlRegisterIntercepts = 0x000  // u32
    public static let debugRegisterIntercepts = 0x004  // u32
    public static let exceptionIntercepts = 0x008  // u32
    public static let eventIntercepts = 0x00C  // u32
    public static let instructionIntercepts = 0x010  // u32
    public static let iopm = 0x040  // u64 physical
    public static let msrpm = 0x048  // u64 physical
    public static let asid = 0x058  // u32, not 0
    public static let flush = 0x05C  // u8
    public static let interruptControl = 0x060  // u64
    public static let interruptShadow = 0x068  // u64
    public static let exitCode = 0x070  // u64
    public static let exitInfo1 = 0x078  // u64
    public static let exitInfo2 = 0x080  // u64
    public static let exitEvent = 0x088  // u64 event whose delivery the exit cut off
    public static let nestedPaging = 0x090  // u64
    public static let injectedEvent = 0x0A8  // u64
    public static let nestedCR3 = 0x0B0  // u64 physical

    // State save area. A segment is u16 selector, u16 attributes, u32 limit, u64 base.
    public static let es = 0x400
    public static let cs = 0x410
    public static let ss = 0x420
    public static let ds = 0x430
    public static let fs = 0x440
    public static let gs = 0x450
    public static let gdtr = 0x460
    public static let ldtr = 0x470
    public static let idtr = 0x480
    public static let tr = 0x490
    public static let cpl = 0x4CB  // u8
    public static let efer = 0x4D0  // u64
    public static let cr4 = 0x548  // u64
    public static let cr3 = 0x550  // u64
    public static let cr0 = 0x558  // u64
    public static let dr7 = 0x560  // u64
    public static let dr6 = 0x568  // u64
    public static let rflags = 0x570  // u64
    public static let rip = 0x578  // u64
    public static let rsp = 0x5D8  // u64
    public static let rax = 0x5F8  // u64
    public static let pat = 0x668  // u64 guest PAT
}

/// What the manager takes away from a bare program (APM volume 2, §15.9). The rule is: everything that can be
/// intercepted, but for what a program without a kernel needs and what reaches nothing outside it.
enum Intercepts {
    /// Every control and debug register, read and write: so CR4.OSXSAVE stays off, which confines the guest's
    /// vector state to what FXSAVE covers, and DR0–DR3 stay the host's.
    static let controlRegisters: UInt32 = 0xFFFF_FFFF
    static let debugRegisters: UInt32 = 0xFFFF_FFFF
    /// A bare program has no handlers: every exception ends it.
    static let exceptions: UInt32 = 0xFFFF_FFFF
    /// All but VINTR, RDTSC, PUSHF, POPF and PAUSE. INTR bounds the time slice by the host's own timer. RSM is
    /// here because the guest runs in SMM, where an RSM of its own would leave SMM behind the manager's back;
    /// IRET because it would unmask NMIs there.
    static let events: UInt32 = ~(1 << 4 | 1 << 14 | 1 << 16 | 1 << 17 | 1 << 23)
    /// VMRUN (which the CPU demands) … XSETBV, RDPRU.
    static let instructions: UInt32 = 0x7FFF
    /// V_INTR_MASKING: the guest's RFLAGS.IF does not hold off the host's interrupts.
    static let interruptControl: UInt64 = 1 << 24
}

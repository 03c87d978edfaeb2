import ByteIO
import SICEABI

/// What a Linux guest's VMCB has different from a bare program's.
///
/// A kernel has handlers, tables and control registers of its own, so most exceptions, CR0 to CR4, descriptor tables, IRET
/// and INVLPG are its own business: the world switch is right for whatever it leaves there, and sets XCR0 and PKRU aside,
/// so that CR4.OSXSAVE and PKE reach nothing beyond the guest.
public enum LinuxGuestStart {
    /// INTR, NMI, SMI, INIT, RDPMC, CPUID, RSM, INVD, HLT, INVLPGA, ports, MSRs, task switch, FERR_FREEZE, shutdown.
    static let events: UInt32 =
        0xF | 1 << 15 | 1 << 18 | 1 << 19 | 1 << 22 | 1 << 24 | 1 << 26 | 1 << 27 | 1 << 28 | 1 << 29 | 1
        << 30
        | 1 << 31
    /// VMRUN, VMMCALL, VMLOAD, VMSAVE, STGI, CLGI, SKINIT, RDTSCP, MONITOR, MWAIT (two), XSETBV, RDPRU.
    static let instructions: UInt32 = 0x7CFF
    /// Reads and writes of CR8: the guest has no local APIC whose priorities it could be.
    static let controlRegisters: UInt32 = 1 << 8 | 1 << 24
    /// All reads and writes: breakpoints of a guest would strike in the manager and in the host, too, where #VMEXIT does
    /// not take them out (seen in QEMU 7.2).
    static let debugRegisters: UInt32 = 0xFFFF_FFFF
    /// #DB and #AC: a guest can make their delivery raise them again for ever, and no interrupt ends that (CVE-2015-8104,
    /// CVE-2015-5307).
    static let exceptions: UInt32 = 1 << 1 | 1 << 17
    /// V_INTR_MASKING, and V_IGN_TPR: the guest has no priorities but those of its 8259.
    static let interruptControl: UInt64 = 1 << 24 | 1 << 20

    /// Changes a block that ``GuestStart/store(into:)`` wrote. `msrMap` is the physical address of an
    /// `MSRPermissionMap`. Segments are those of the boot protocol.
    public static func store(msrMap: UInt64, into block: inout MutableSpan<UInt8>) {
        block.storeLittleEndian(controlRegisters, at: VMCB.controlRegisterIntercepts)
        block.storeLittleEndian(debugRegisters, at: VMCB.debugRegisterIntercepts)
        block.storeLittleEndian(exceptions, at: VMCB.exceptionIntercepts)
        block.storeLittleEndian(events, at: VMCB.eventIntercepts)
        block.storeLittleEndian(instructions, at: VMCB.instructionIntercepts)
        block.storeLittleEndian(interruptControl, at: VMCB.interruptControl)
        block.storeLittleEndian(msrMap, at: VMCB.msrpm)
        block.storeLittleEndian(UInt16(0x10), at: VMCB.cs)
        block.storeLittleEndian(UInt16(0x18), at: VMCB.es)
        block.storeLittleEndian(UInt16(0x18), at: VMCB.ss)
        block.storeLittleEndian(UInt16(0x18), at: VMCB.ds)
        block.storeLittleEndian(UInt16(0x18), at: VMCB.fs)
        block.storeLittleEndian(UInt16(0x18), at: VMCB.gs)
        block.storeLittleEndian(UInt32(31), at: VMCB.gdtr + 4)
        block.storeLittleEndian(ImageLayout.linuxDescriptorTable, at: VMCB.gdtr + 8)
    }
}

/// Fields of a running guest's VMCB that give it interrupts and exceptions.
public enum VirtualInterrupt {
    /// V_IRQ: an interrupt waits.
    public static let pending: UInt64 = 1 << 8
    /// V_INTR_VECTOR.
    public static let vectorShift: UInt64 = 32
    static let vectorMask: UInt64 = 0xFF << vectorShift

    /// The interrupt control field with an interrupt waiting.
    public static func control(_ control: UInt64, offering vector: UInt8) -> UInt64 {
        control & ~vectorMask | pending | UInt64(vector) << vectorShift
    }

    /// EVENTINJ for an exception (APM volume 2, §15.20): valid, type 3, with an error code of 0 if it has one.
    public static func event(exception vector: UInt8, hasErrorCode: Bool) -> UInt64 {
        UInt64(vector) | 3 << 8 | (hasErrorCode ? 1 << 11 : 0) | 1 << 31
    }

    /// Whether an event field holds one.
    public static func isValid(_ event: UInt64) -> Bool { event & 1 << 31 != 0 }
}

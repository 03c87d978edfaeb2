import ByteIO
import SVM
import Testing

/// What VMRUN is told about a Linux guest.
@Suite struct LinuxGuestStartTests {
    func field<T: FixedWidthInteger & UnsignedInteger>(_ offset: Int, as type: T.Type) -> T {
        var bytes = VMCBTests.block()
        var span = bytes.mutableSpan
        LinuxGuestStart.store(msrMap: 0x7C0B_0000, into: &span)
        return bytes.span.littleEndian(at: offset, as: type)
    }

    /// INTR, NMI, SMI, INIT, RDPMC, CPUID, RSM, INVD, HLT, INVLPGA, ports, MSRs, task switch, FERR, shutdown.
    @Test func whatReachesOutsideIsIntercepted() {
        let events = field(VMCB.eventIntercepts, as: UInt32.self)
        let wanted: Set<UInt32> = [0, 1, 2, 3, 15, 18, 19, 22, 24, 26, 27, 28, 29, 30, 31]
        for bit in UInt32(0)..<32 { #expect((events & 1 << bit != 0) == wanted.contains(bit), "\(bit)") }
        let instructions = field(VMCB.instructionIntercepts, as: UInt32.self)
        // All but ICEBP and WBINVD.
        for bit in UInt32(0)..<15 {
            #expect((instructions & 1 << bit != 0) == ![8, 9].contains(bit), "\(bit)")
        }
        #expect(field(VMCB.iopm, as: UInt64.self) == 0x7C0A_0000)
        #expect(field(VMCB.msrpm, as: UInt64.self) == 0x7C0B_0000)
        #expect(field(VMCB.nestedPaging, as: UInt64.self) == 1)
    }

    /// A kernel has handlers and control registers of its own, but for CR8, #DB and #AC.
    @Test func whatAKernelDoesItselfIsNot() {
        #expect(field(VMCB.exceptionIntercepts, as: UInt32.self) == 1 << 1 | 1 << 17)
        #expect(field(VMCB.controlRegisterIntercepts, as: UInt32.self) == 1 << 8 | 1 << 24)
    }

    /// No debug register, and no breakpoint that VMRUN would load.
    @Test func debugRegistersAreOutOfReach() {
        #expect(field(VMCB.debugRegisterIntercepts, as: UInt32.self) == .max)
        #expect(field(VMCB.dr7, as: UInt64.self) == 0x400)
    }

    @Test func segmentsAreTheBootProtocols() {
        #expect(field(VMCB.cs, as: UInt16.self) == 0x10)
        for segment in [
            VMCB.ds, VMCB.es, VMCB.ss,
        ] {
            #expect(field(segment, as: UInt16.self) == 0x18)
        }
        #expect(field(VMCB.gdtr + 4, as: UInt32.self) == 31)
        #expect(field(VMCB.gdtr + 8, as: UInt64.self) == 0x1000)
    }

    @Test func interruptControl_masksTheHostsFlag() {
        let control = field(VMCB.interruptControl, as: UInt64.self)
        #expect(control == 1 << 24 | 1 << 20)
        let offered = VirtualInterrupt.control(control, offering: 0x30)
        #expect(offered == 0x30 << 32 | 1 << 24 | 1 << 20 | 1 << 8)
        #expect(VirtualInterrupt.control(offered, offering: 0xFF) >> 32 == 0xFF)
    }

    @Test func events_areExceptions() {
        #expect(VirtualInterrupt.event(exception: 13, hasErrorCode: true) == 0x8000_0B0D)
        #expect(VirtualInterrupt.event(exception: 6, hasErrorCode: false) == 0x8000_0306)
        #expect(VirtualInterrupt.isValid(0x8000_0306) && !VirtualInterrupt.isValid(0x306))
    }
}

import ByteIO
import SVM
import Testing

/// What VMRUN is told about a Linux guest.
@Suite struct LinuxGuestStartTests {
    func field<T: FixedWidthInteger & UnsignedInteger>(_ offset: Int, as type: T.Type) -> T {
        var bytes = ControlBlockTests.block()
        var span = bytes.mutableSpan
        LinuxGuestStart.store(msrMap: 0x7C0B_0000, into: &span)
        return bytes.span.littleEndian(at: offset, as: type)
    }

    /// INTR, NMI, SMI, INIT, RDPMC, CPUID, RSM, INVD, HLT, INVLPGA, ports, MSRs, task switch, FERR, shutdown.
    @Test func whatReachesOutsideIsIntercepted() {
        let events = field(ControlBlock.eventIntercepts, as: UInt32.self)
        let wanted: Set<UInt32> = [0, 1, 2, 3, 15, 18, 19, 22, 24, 26, 27, 28, 29, 30, 31]
        for bit in UInt32(0)..<32 { #expect((events & 1 << bit != 0) == wanted.contains(bit), "\(bit)") }
        let instructions = field(ControlBlock.instructionIntercepts, as: UInt32.self)
        // All but ICEBP and WBINVD.
        for bit in UInt32(0)..<15 {
            #expect((instructions & 1 << bit != 0) == ![8, 9].contains(bit), "\(bit)")
        }
        #expect(field(ControlBlock.portMap, as: UInt64.self) == 0x7C0A_0000)
        #expect(field(ControlBlock.msrMap, as: UInt64.self) == 0x7C0B_0000)
        #expect(field(ControlBlock.nestedPaging, as: UInt64.self) == 1)
    }

    /// A kernel has handlers and control registers of its own, but for CR8, #DB and #AC.
    @Test func whatAKernelDoesItselfIsNot() {
        #expect(field(ControlBlock.exceptionIntercepts, as: UInt32.self) == 1 << 1 | 1 << 17)
        #expect(field(ControlBlock.controlRegisterIntercepts, as: UInt32.self) == 1 << 8 | 1 << 24)
    }

    /// No debug register, and no breakpoint that VMRUN would load.
    @Test func debugRegistersAreOutOfReach() {
        #expect(field(ControlBlock.debugRegisterIntercepts, as: UInt32.self) == .max)
        #expect(field(ControlBlock.dr7, as: UInt64.self) == 0x400)
    }

    @Test func segmentsAreTheBootProtocols() {
        #expect(field(ControlBlock.codeSegment, as: UInt16.self) == 0x10)
        for segment in [
            ControlBlock.dataSegmentDS, ControlBlock.dataSegmentES, ControlBlock.stackSegment,
        ] {
            #expect(field(segment, as: UInt16.self) == 0x18)
        }
        #expect(field(ControlBlock.globalTable + 4, as: UInt32.self) == 31)
        #expect(field(ControlBlock.globalTable + 8, as: UInt64.self) == 0x1000)
    }

    @Test func interruptControl_masksTheHostsFlag() {
        let control = field(ControlBlock.interruptControl, as: UInt64.self)
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

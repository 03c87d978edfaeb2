import ByteIO
import SVM
import Testing

/// What VMRUN is told about a bare program.
@Suite struct VMCBTests {
    static func block() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: VMCB.size)
        var span = bytes.mutableSpan
        GuestStart(
            entry: 0x20_1000, stackPointer: 0x40_0000, pageTableRoot: 0x1000, nestedRoot: 0x7C20_0000,
            permissionMap: 0x7C0A_0000, asid: 5
        ).store(into: &span)
        return bytes
    }

    func field<T: FixedWidthInteger & UnsignedInteger>(_ offset: Int, as type: T.Type) -> T {
        Self.block().span.littleEndian(at: offset, as: type)
    }

    /// VMRUN, NMI, SMI, INIT, IRET, RSM, ports, MSRs, CPUID, HLT, shutdown; VMMCALL … XSETBV; CR, DR, exceptions.
    @Test func nothingThatReachesOutsideIsLeftToTheGuest() {
        let events = field(VMCB.eventIntercepts, as: UInt32.self)
        for bit in [0, 1, 2, 3, 15, 18, 19, 20, 21, 22, 24, 25, 26, 27, 28, 31] as [UInt32] {
            #expect(events & 1 << bit != 0, "event \(bit)")
        }
        let instructions = field(VMCB.instructionIntercepts, as: UInt32.self)
        for bit in 0...14 as ClosedRange<UInt32> {
            #expect(instructions & 1 << bit != 0, "instruction \(bit)")
        }
        #expect(field(VMCB.controlRegisterIntercepts, as: UInt32.self) == .max)
        #expect(field(VMCB.debugRegisterIntercepts, as: UInt32.self) == .max)
        #expect(field(VMCB.exceptionIntercepts, as: UInt32.self) == .max)
        #expect(field(VMCB.iopm, as: UInt64.self) == 0x7C0A_0000)
        #expect(field(VMCB.msrpm, as: UInt64.self) == 0x7C0A_0000)
    }

    /// FXSAVE covers the guest's vector state only while OSXSAVE is off.
    @Test func guestCannotUseExtendedState() {
        #expect(field(VMCB.cr4, as: UInt64.self) & 1 << 18 == 0)
        #expect(field(VMCB.controlRegisterIntercepts, as: UInt32.self) & 1 << 20 != 0)
    }

    /// The consistency checks of VMRUN (APM volume 2, §15.5.1), and long mode.
    @Test func stateIsConsistent() {
        let cr0 = field(VMCB.cr0, as: UInt64.self)
        #expect(cr0 & 0x8000_0001 == 0x8000_0001)
        #expect(field(VMCB.cr4, as: UInt64.self) & 0x20 != 0)
        #expect(field(VMCB.efer, as: UInt64.self) & 0x1500 == 0x1500)
        #expect(field(VMCB.cs + 2, as: UInt16.self) & 0x600 == 0x200, "L set, D clear")
        #expect(field(VMCB.dr6, as: UInt64.self) >> 32 == 0)
        #expect(field(VMCB.dr7, as: UInt64.self) == 0x400)
        #expect(field(VMCB.asid, as: UInt32.self) == 5)
        #expect(field(VMCB.nestedPaging, as: UInt64.self) == 1)
        #expect(field(VMCB.nestedCR3, as: UInt64.self) == 0x7C20_0000)
        #expect(field(VMCB.cr3, as: UInt64.self) == 0x1000)
        #expect(field(VMCB.rip, as: UInt64.self) == 0x20_1000)
        #expect(field(VMCB.rsp, as: UInt64.self) == 0x40_0000)
        #expect(field(VMCB.interruptControl, as: UInt64.self) == 1 << 24)
    }
}

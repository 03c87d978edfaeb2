internal import CMachine
internal import CPayload
internal import FirmwareTables
internal import SICEABI
internal import SVM

/// A guest whose nested tables show memory as it is, but for one page.
enum GuestExperiments {
    private static let marks: (page: UInt32, other: UInt32) = (0x7061_6765, 0x6F74_6865)
    private static let control = UInt64(SICE_TRIAL_CONTROL)
    private static let page = UInt64(SICE_TRIAL_PAGE)
    private static let otherPage = UInt64(SICE_TRIAL_OTHER_PAGE)
    private static let features: UInt32 = 0xC000_0080
    private static let hostStateRegister: UInt32 = 0xC001_0117

    /// Whether an SMI handler that interrupts the guest sees memory as it is.
    static func guestMode() -> PostureValue {
        prepare()
        ExperimentMemory.reset()
        ExperimentMemory.write(SICE_TRIAL_GUEST_SMI, 1)
        LocalAPIC.aim(at: LocalAPIC.identifier)
        guard enter(), ExperimentMemory.read(SICE_TRIAL_DONE) == 1,
            ExperimentMemory.read(SICE_TRIAL_GUEST_SAW) == marks.other
        else { return .unknown }
        return switch ExperimentMemory.read(SICE_TRIAL_FIRST_INSIDE) {
        case marks.page: .present
        case marks.other: .absent
        default: .unknown
        }
    }

    /// Enters the guest again and again while other cores load FPU environments, at most 4 ms or 400 times. A guest
    /// that sees memory as it is lost its nested paging, by a flag that another core's instruction took back; where the
    /// payload sees the guest's page afterwards, it came back the other way. A race that does not show proves nothing.
    ///
    /// It harms nobody: but for that page, the nested tables show memory as it is, to the guest and, should they stay in
    /// force, to the payload. The last entry is without a race and puts every flag right.
    static func restoringCoresInterfere(clock: Clock, start: () -> Void, stop: () -> Bool) -> PostureValue {
        prepare()
        ExperimentMemory.write(SICE_TRIAL_GUEST_SMI, 0)
        start()
        let (begun, limit) = (clock.now, PowerManagementTimer.ticks(microseconds: 4000))
        var hasLost = false
        for _ in 0..<400 where !hasLost {
            guard PowerManagementTimer.ticks(from: begun, to: clock.now) < limit, enter() else { break }
            hasLost =
                ExperimentMemory.read(SICE_TRIAL_GUEST_SAW) == marks.page || sice_read32(page) == marks.other
        }
        let isQuiet = stop()
        guard enter(), isQuiet else { return hasLost ? .absent : .unknown }
        return hasLost && ExperimentMemory.read(SICE_TRIAL_GUEST_SAW) == marks.other ? .absent : .unknown
    }

    /// One entry. Returns whether the guest left as it should.
    private static func enter() -> Bool {
        sice_write64(control + UInt64(VMCB.rip), 0)
        sice_write64(control + UInt64(VMCB.exitCode), 0)
        ExperimentMemory.write(SICE_TRIAL_GUEST_SAW, 0)
        let before = sice_rdmsr(features)
        sice_wrmsr(features, before | 1 << 12)  // SVME
        sice_wrmsr(hostStateRegister, UInt64(SICE_TRIAL_HOST_STATE))
        sice_trial_vmrun(control)
        sice_wrmsr(hostStateRegister, 0)
        sice_wrmsr(features, before)
        return sice_read64(control + UInt64(VMCB.exitCode)) == 0x81  // VMMCALL
    }

    /// Prepares the guest, its nested tables and the words that it looks at.
    static func prepare() {
        sice_write32(page, marks.page)
        sice_write32(otherPage, marks.other)
        ExperimentMemory.aim(at: page, page)
        prepareTables()
        prepareControl()
    }

    /// 4 GiB in pages of 2 MiB, the first 2 MiB in pages of 4 KiB: present, writable, for user mode, as nested tables
    /// must be (APM volume 2, §15.25.5).
    private static func prepareTables() {
        let root = UInt64(SICE_TRIAL_NESTED)
        let small = root + 6 * ABI.pageSize
        sice_write64(root, root + ABI.pageSize | 7)
        for index in 0..<4 as Range<UInt64> {
            sice_write64(root + ABI.pageSize + index * 8, root + (2 + index) * ABI.pageSize | 7)
        }
        for index in 0..<2048 as Range<UInt64> {
            sice_write64(root + 2 * ABI.pageSize + index * 8, index << 21 | 0x87)
        }
        sice_write64(root + 2 * ABI.pageSize, small | 7)
        for index in 0..<512 as Range<UInt64> { sice_write64(small + index * 8, index << 12 | 7) }
        sice_write64(small + (page >> 12) * 8, otherPage | 7)
    }

    /// Real mode with flat segments. SMIs are not intercepted; every exception, VMMCALL and INIT end the guest.
    private static func prepareControl() {
        clearMemory(at: control, count: ABI.pageSize)
        write32(VMCB.exceptionIntercepts, UInt32.max)
        write32(VMCB.eventIntercepts, 1 << 31 | 1 << 3)  // SHUTDOWN, INIT
        write32(VMCB.instructionIntercepts, 3)  // VMRUN, VMMCALL
        write32(VMCB.asid, 1)
        write32(VMCB.flush, 1)
        write64(VMCB.nestedPaging, 1)
        write64(VMCB.nestedCR3, UInt64(SICE_TRIAL_NESTED))
        segment(VMCB.cs, 0x9B, UInt64(SICE_TRIAL_GUEST))
        segment(VMCB.es, 0x93, 0)
        segment(VMCB.ss, 0x93, 0)
        segment(VMCB.ds, 0x93, 0)
        write64(VMCB.efer, 1 << 12)
        write64(VMCB.cr0, 0x10)
        // PAE stays on, since QEMU 7.2 restores CR0 before CR4 and EFER.
        write64(VMCB.cr4, 0x20)
        write64(VMCB.dr6, 0xFFFF_0FF0)
        write64(VMCB.dr7, 0x400)
        write64(VMCB.rflags, 2)
        write64(VMCB.pat, 0x0007_0406_0007_0406)
    }

    private static func segment(_ offset: Int, _ attributes: UInt32, _ base: UInt64) {
        write32(offset, attributes << 16)
        write32(offset + 4, UInt32.max)
        write64(offset + 8, base)
    }

    private static func write32(_ offset: Int, _ value: UInt32) {
        sice_write32(control + UInt64(offset), value)
    }
    private static func write64(_ offset: Int, _ value: UInt64) {
        sice_write64(control + UInt64(offset), value)
    }
}

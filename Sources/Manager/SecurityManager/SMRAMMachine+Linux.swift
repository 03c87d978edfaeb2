import CMachine
import CManager
import GuestPolicy
import ManagerCore
import SVM

/// CPU features whose state the world switch sets aside for Linux guests; `linux_state.S` has the meaning of the bits.
/// Written under the lock, before any guest runs.
nonisolated(unsafe) private var foundFeatures: UInt32 = 0

/// What only Linux guests need of the machine.
extension SMRAMMachine {
    static var linuxFeatures: UInt32 { unsafe foundFeatures }

    /// Writes the permission map and looks at the CPU, once, before any guest runs.
    static func prepareForLinux() {
        let basic = sice_cpuid(1, 0).ecx >> 26 & 1
        let structured = sice_cpuid(0, 0).eax >= 7 ? sice_cpuid(7, 0).ecx >> 3 & 1 : 0
        unsafe foundFeatures = basic | structured << 1
        var map = unsafe MutableSpan<UInt8>(_unsafeStart: sice_linux_msr_map(), count: Int(SICE_MSR_MAP_SIZE))
        MSRPermissionMap.store(into: &map)
    }

    private func word(_ slot: Slot, _ offset: Int) -> UInt64 {
        unsafe block(slot).load(fromByteOffset: offset, as: UInt64.self)
    }

    private func setWord(_ slot: Slot, _ offset: Int, _ value: UInt64) {
        unsafe block(slot).storeBytes(of: value, toByteOffset: offset, as: UInt64.self)
    }

    /// Only bare programs have all their exceptions intercepted.
    func isLinuxGuest(_ slot: Slot) -> Bool {
        unsafe block(slot).load(fromByteOffset: VMCB.exceptionIntercepts, as: UInt32.self) != .max
    }

    mutating func skipInstruction(of slot: Slot, length: UInt64) {
        setWord(
            slot, VMCB.rip,
            word(slot, VMCB.rip) &+ length)
        setWord(slot, VMCB.interruptShadow, 0)
    }

    func cpl(of slot: Slot) -> UInt8 {
        unsafe block(slot).load(fromByteOffset: VMCB.cpl, as: UInt8.self)
    }

    func takesInterrupts(_ slot: Slot) -> Bool { word(slot, VMCB.rflags) >> 9 & 1 == 1 }

    func hasPendingInterrupt(_ slot: Slot) -> Bool {
        word(slot, VMCB.interruptControl) & VirtualInterrupt.pending != 0
    }

    mutating func offerInterrupt(_ vector: UInt8, to slot: Slot) {
        let control = word(slot, VMCB.interruptControl)
        setWord(
            slot, VMCB.interruptControl, VirtualInterrupt.control(control, offering: vector))
    }

    mutating func raise(_ exception: GuestException, in slot: Slot) {
        setWord(
            slot, VMCB.injectedEvent,
            VirtualInterrupt.event(
                exception: exception.rawValue, hasErrorCode: exception.hasErrorCode))
    }

    func execution(of slot: Slot) -> GuestExecution {
        let code = unsafe block(slot).load(fromByteOffset: VMCB.cs + 2, as: UInt16.self)
        return GuestExecution(
            rip: word(slot, VMCB.rip),
            cr0: word(slot, VMCB.cr0), cr3: word(slot, VMCB.cr3),
            cr4: word(slot, VMCB.cr4), efer: word(slot, VMCB.efer),
            codeAttributes: code)
    }

    func dr6(of slot: Slot) -> UInt64 { word(slot, VMCB.dr6) }
    mutating func setDR6(of slot: Slot, to value: UInt64) { setWord(slot, VMCB.dr6, value) }

    func efer(of slot: Slot) -> UInt64 { word(slot, VMCB.efer) }
    mutating func setEFER(of slot: Slot, to value: UInt64) { setWord(slot, VMCB.efer, value) }

    func cpuid(leaf: UInt32, subleaf: UInt32) -> CPUIDAnswer {
        let answer = sice_cpuid(leaf, subleaf)
        return CPUIDAnswer(eax: answer.eax, ebx: answer.ebx, ecx: answer.ecx, edx: answer.edx)
    }

    /// An event whose delivery the last exit cut off is delivered again, unless there is another one already.
    func repeatEvent(of slot: Slot) {
        let event = word(slot, VMCB.exitEvent)
        guard VirtualInterrupt.isValid(event),
            !VirtualInterrupt.isValid(word(slot, VMCB.injectedEvent))
        else { return }
        setWord(slot, VMCB.injectedEvent, event)
    }
}

import ByteIO
import CManager
import GuestPolicy
import ManagerCore
import SICEABI
import SVM

/// Virtual CPUs: a VMCB and the registers beside it.
extension SMRAMMachine {
    func block(_ slot: Slot) -> UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(sice_control_block(UInt32(truncatingIfNeeded: slot.index)))
    }

    func state(_ slot: Slot) -> UnsafeMutableRawPointer {
        unsafe sice_guest_state(UInt32(truncatingIfNeeded: slot.index))
    }

    mutating func prepareGuest(_ slot: Slot, _ entry: GuestEntry, nestedRoot: PoolPage) {
        clearGuest(slot)
        let start = unsafe GuestStart(
            entry: entry.entry, stackPointer: entry.stackPointer, pageTableRoot: entry.pageTableRoot,
            nestedRoot: poolBase &+ UInt64(nestedRoot.index) &* ABI.pageSize,
            permissionMap: physical(sice_permission_map()),
            asid: UInt32(truncatingIfNeeded: slot.index &+ 1))
        var fields = unsafe MutableSpan<UInt8>(
            _unsafeStart: block(slot).assumingMemoryBound(to: UInt8.self), count: VMCB.size)
        start.store(into: &fields)
        if entry.kind == .linuxGuest {
            LinuxGuestStart.store(msrMap: unsafe physical(sice_linux_msr_map()), into: &fields)
            setRegister(.rsi, of: slot, to: entry.bootParameters)
        }
        // Whatever the slot's last user left in the TLB under this address space goes with the first VMRUN.
        fields.storeLittleEndian(UInt8(1), at: VMCB.flush)
        // Power-up state of x87 and SSE: all exceptions masked (APM volume 1, §6.4.2 and §4.2.2).
        unsafe state(slot).storeBytes(of: 0x037F, toByteOffset: 0, as: UInt16.self)
        unsafe state(slot).storeBytes(of: 0x1F80, toByteOffset: 24, as: UInt32.self)
    }

    mutating func clearGuest(_ slot: Slot) {
        unsafe block(slot).initializeMemory(as: UInt8.self, repeating: 0, count: VMCB.size)
        unsafe state(slot).initializeMemory(
            as: UInt8.self, repeating: 0, count: Int(SICE_GUEST_SIZE))
    }

    /// RAX and RSP are kept in the VMCB, the others by their number in instruction encodings.
    private func registerPointer(_ register: GuestRegister, _ slot: Slot) -> UnsafeMutableRawPointer {
        switch register {
        case .rax: unsafe block(slot).advanced(by: VMCB.rax)
        case .rsp: unsafe block(slot).advanced(by: VMCB.rsp)
        default: unsafe state(slot).advanced(by: 512 &+ 8 &* Int(register.rawValue))
        }
    }

    func register(_ register: GuestRegister, of slot: Slot) -> UInt64 {
        unsafe registerPointer(register, slot).load(as: UInt64.self)
    }

    mutating func setRegister(_ register: GuestRegister, of slot: Slot, to value: UInt64) {
        unsafe registerPointer(register, slot).storeBytes(of: value, as: UInt64.self)
    }

    mutating func skipCall(of slot: Slot) {
        let pointer = unsafe block(slot).advanced(by: VMCB.rip)
        unsafe pointer.storeBytes(of: pointer.load(as: UInt64.self) &+ 3, as: UInt64.self)
    }

    /// Runs the guest of `slot` on this core until its next exit. Called without the manager's lock. `isolated` holds
    /// host interrupts off; then a signal of another core is taken here, and its exit is a `hostInterrupt`.
    mutating func enterGuest(_ slot: Slot, _ core: borrowing Core, isolated: Bool) -> GuestExit {
        core.setIsolated(isolated)
        let exit = enterGuest(slot, core)
        if isolated, exit.kind == .hostInterrupt { sice_take_signal(0) }
        return exit
    }

    private mutating func enterGuest(_ slot: Slot, _ core: borrowing Core) -> GuestExit {
        let block = unsafe block(slot)
        let isLinux = isLinuxGuest(slot)
        if isLinux { repeatEvent(of: slot) }
        if isLinux { unsafe sice_linux_state_load(core.data, Self.linuxFeatures) }
        unsafe sice_enter_guest(
            core.data, physical(block), state(slot))
        if isLinux { unsafe sice_linux_state_restore(core.data, Self.linuxFeatures) }
        unsafe block.storeBytes(of: 0, toByteOffset: VMCB.flush, as: UInt8.self)
        return unsafe GuestExit(
            exitCode: block.load(fromByteOffset: VMCB.exitCode, as: UInt64.self),
            info1: block.load(fromByteOffset: VMCB.exitInfo1, as: UInt64.self),
            info2: block.load(fromByteOffset: VMCB.exitInfo2, as: UInt64.self),
            instructionPointer: block.load(fromByteOffset: VMCB.rip, as: UInt64.self))
    }
}

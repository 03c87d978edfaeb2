import GuestPolicy
import SICEABI

/// Exits of a Linux guest. CPU questions are answered here by the policy of `GuestPolicy`; ports and waiting are the
/// business of the host's device model, which sees the operands and nothing else (I5). A guest that loops through exits
/// which are answered here is stopped by the next host interrupt like any other (I7).
extension Manager where Machine: ~Copyable {
    /// Serves what is special to Linux guests; nil for exits that mean the same for every kind.
    mutating func serveLinux(
        _ exit: GuestExit, _ context: GuestExitContext, _ registers: inout HostRegisters,
        machine: inout Machine
    ) -> ManagerStep? {
        let slot = context.slot
        switch exit.kind {
        case .ioio:
            return servePort(exit, context, &registers, machine: &machine)
        case .hlt:
            return serveHalt(context, &registers, machine: &machine)
        case .cpuid:
            identify(slot, machine: &machine)
        case .msr:
            if !accessRegister(slot, isWrite: exit.code == 1, machine: &machine) {
                if environments[slot].refusals < .max { environments[slot].refusals &+= 1 }
                machine.raise(.generalProtection, in: slot)
            }
        case .debugRegister:
            return serveDebugRegister(exit, context, &registers, machine: &machine)
        case .exception:
            // Intercepted only so that their delivery cannot go on for ever: the guest's own handler gets them.
            guard let exception = GuestException(rawValue: UInt8(truncatingIfNeeded: exit.code)) else {
                return nil
            }
            machine.raise(exception, in: slot)
        case .forbiddenInstruction:
            guard let exception = Self.exception(for: exit.code) else { return nil }
            machine.raise(exception, in: slot)
        default:
            return nil
        }
        return reenter(slot)
    }

    /// What a CPU without the feature would raise; nil for a task switch or a frozen coprocessor, which end the guest.
    private static func exception(for code: UInt64) -> GuestException? {
        switch code {
        case 0x08, 0x18, 0x6F, 0x76, 0x8D: .generalProtection  // CR8, RDPMC, INVD, XSETBV
        case 0x7D, 0x7E: nil
        default: .undefinedInstruction  // RSM, SVM instructions, RDTSCP, MONITOR, MWAIT, RDPRU
        }
    }

    // EXITINFO1 of a port access (AMD64 APM volume 2, §15.10.2).
    private static var isInput: UInt64 { 1 << 0 }
    private static var isString: UInt64 { 1 << 2 }

    private mutating func servePort(
        _ exit: GuestExit, _ context: GuestExitContext, _ registers: inout HostRegisters,
        machine: inout Machine
    ) -> ManagerStep {
        let slot = context.slot
        let width = exit.code >> 4 & 7
        // String instructions need the guest's memory, which neither host nor manager walks.
        guard exit.code & Self.isString == 0, width == 1 || width == 2 || width == 4 else {
            let code = CrashCode.forbiddenInstruction
            return crash(context, code, exit.address, &registers, machine: &machine)
        }
        let port = exit.code >> 16 & 0xFFFF
        machine.skipInstruction(of: slot, length: exit.next &- exit.address)
        if width == 1, serveController(port, exit, context, machine: &machine) { return reenter(slot) }
        let operand = port | width << 16
        guard exit.code & Self.isInput == 0 else {
            environments[slot].pendingRead = operand
            return report(ExitReport(.portRead, operand), context, &registers, machine: &machine)
        }
        let value = machine.register(.rax, of: slot) & Self.mask(width)
        return report(ExitReport(.portWrite, operand, value), context, &registers, machine: &machine)
    }

    /// An access to the interrupt controllers that the host left to the manager; false for all others.
    private mutating func serveController(
        _ port: UInt64, _ exit: GuestExit, _ context: GuestExitContext, machine: inout Machine
    ) -> Bool {
        let slot = context.slot
        let register = machine.register(.rax, of: slot)
        guard exit.code & Self.isInput == 0 else {
            guard let value = environments[slot].controllers.read(port: port) else { return false }
            machine.setRegister(.rax, of: slot, to: register & ~0xFF | UInt64(value))
            return true
        }
        let value = UInt8(truncatingIfNeeded: register)
        guard environments[slot].controllers.write(port: port, value: value) else { return false }
        isolatedCores[context.core.index].exchange?
            .show(
                environments[slot].controllers, eventPending: machine.hasPendingInterrupt(slot),
                machine: &machine)
        return true
    }

    private static func mask(_ width: UInt64) -> UInt64 { (1 << (width &* 8)) &- 1 }

    /// The host's value for a port read: only as many bits as the guest asked for count.
    mutating func completeRead(
        _ value: UInt64, _ slot: Slot, machine: inout Machine
    ) {
        let width = environments[slot].pendingRead >> 16
        let mask = Self.mask(width)
        environments[slot].pendingRead = 0
        // As IN does: EAX clears the upper half, AL and AX leave the rest alone.
        let kept = width == 4 ? 0 : machine.register(.rax, of: slot) & ~mask
        machine.setRegister(.rax, of: slot, to: kept | value & mask)
    }

    private mutating func serveHalt(
        _ context: GuestExitContext, _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        let slot = context.slot
        machine.skipInstruction(of: slot, length: 1)
        let canWake = machine.takesInterrupts(slot)
        if canWake, machine.hasPendingInterrupt(slot) { return reenter(slot) }
        return report(ExitReport(.halted, 0, canWake ? 1 : 0), context, &registers, machine: &machine)
    }

    private mutating func identify(_ slot: Slot, machine: inout Machine) {
        let leaf = UInt32(truncatingIfNeeded: machine.register(.rax, of: slot))
        let subleaf = UInt32(truncatingIfNeeded: machine.register(.rcx, of: slot))
        let answer = CPUIDPolicy.answer(
            leaf: leaf, subleaf: subleaf, hardware: machine.cpuid(leaf: leaf, subleaf: subleaf))
        machine.setRegister(.rax, of: slot, to: UInt64(answer.eax))
        machine.setRegister(.rbx, of: slot, to: UInt64(answer.ebx))
        machine.setRegister(.rcx, of: slot, to: UInt64(answer.ecx))
        machine.setRegister(.rdx, of: slot, to: UInt64(answer.edx))
        machine.skipInstruction(of: slot, length: 2)
    }

    /// RDMSR or WRMSR. False when it is refused.
    private mutating func accessRegister(
        _ slot: Slot, isWrite: Bool, machine: inout Machine
    ) -> Bool {
        let number = UInt32(truncatingIfNeeded: machine.register(.rcx, of: slot))
        switch MSRPolicy.rule(number) {
        case .reads(let value):
            guard !isWrite else { return false }
            giveRegister(value, slot, machine: &machine)
        case .efer:
            guard isWrite else {
                giveRegister(
                    MSRPolicy.visibleEFER(machine.efer(of: slot)), slot, machine: &machine)
                break
            }
            let low = machine.register(.rax, of: slot) & 0xFFFF_FFFF
            let value = machine.register(.rdx, of: slot) << 32 | low
            guard let efer = MSRPolicy.efer(machine.efer(of: slot), writing: value) else {
                return false
            }
            machine.setEFER(of: slot, to: efer)
        // The guest's own never get here: the permission map lets them pass.
        case .own, .denied: return false
        }
        machine.skipInstruction(of: slot, length: 2)
        return true
    }

    private mutating func giveRegister(
        _ value: UInt64, _ slot: Slot, machine: inout Machine
    ) {
        machine.setRegister(.rax, of: slot, to: value & 0xFFFF_FFFF)
        machine.setRegister(.rdx, of: slot, to: value >> 32)
    }

    /// Delivers the host's interrupt, ``GuestEvent``. Throws `invalidArgument` for anything that is none, and
    /// `eventPending` while an earlier one waits; then nothing is changed.
    mutating func injectEvent(
        _ event: UInt64, to slot: Slot, machine: inout Machine
    ) throws(ErrorCode) {
        guard environments[slot].kind == .linuxGuest, event != 0 else { return }
        let vector = event & ~GuestEvent.valid
        guard event & GuestEvent.valid != 0, GuestEvent.vectors.contains(vector) else {
            throw .invalidArgument
        }
        guard !machine.hasPendingInterrupt(slot) else { throw .eventPending }
        machine.offerInterrupt(UInt8(truncatingIfNeeded: vector), to: slot)
    }
}

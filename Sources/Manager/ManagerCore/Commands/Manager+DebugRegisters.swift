import GuestPolicy
import SICEABI

/// Debug registers of a Linux guest: no access of it reaches the CPU's.
extension Manager where Machine: ~Copyable {
    /// Carries out the MOV that the guest stopped at. One that cannot be read ends the environment: a guest that runs such
    /// an instruction from memory which is not its own, or outside of 64-bit code, gains nothing by it.
    mutating func serveDebugRegister(
        _ exit: GuestExit, _ context: GuestExitContext, _ registers: inout HostRegisters,
        machine: inout Machine
    ) -> ManagerStep {
        let slot = context.slot
        let execution = machine.execution(of: slot)
        guard let move = debugRegisterMove(exit.code, slot, execution, machine: machine),
            let general = GuestRegister(rawValue: move.generalRegister)
        else {
            let code = CrashCode.unreadableInstruction
            return crash(context, code, exit.address, &registers, machine: &machine)
        }
        let written = move.isWrite ? machine.register(general, of: slot) : nil
        let outcome = environments[slot].debug.access(
            move.debugRegister, writing: written, hasExtensions: execution.hasDebugExtensions)
        switch outcome {
        case .value(let value): machine.setRegister(general, of: slot, to: value)
        case .done: break
        case .status: accessStatus(written, general, slot, machine: &machine)
        case .undefined:
            machine.raise(.undefinedInstruction, in: slot)
            return reenter(slot)
        case .refused:
            machine.raise(.generalProtection, in: slot)
            return reenter(slot)
        }
        machine.skipInstruction(of: slot, length: UInt64(truncatingIfNeeded: move.length))
        return reenter(slot)
    }

    /// Decodes the instruction; nil when its bytes are not the access that the exit (`code`, APM volume 2, appendix C:
    /// 0x20 and register for a read, 0x30 and register for a write) was about.
    private mutating func debugRegisterMove(
        _ code: UInt64, _ slot: Slot, _ execution: GuestExecution, machine: borrowing Machine
    ) -> DebugRegisterMove? {
        var bytes = InlineArray<15, UInt8>(repeating: 0)
        var span = bytes.mutableSpan
        let guest = GuestCode(
            nestedRoot: environments[slot].tables, owner: environments[slot].memory.owner)
        let count = guest.fetch(execution, into: &span, pool: pool, machine: machine)
        guard let move = DebugRegisterMove(bytes.span.extracting(0..<count)),
            code == (move.isWrite ? 0x30 : 0x20) | UInt64(move.debugRegister)
        else { return nil }
        return move
    }

    /// DR6, which the CPU has a part in.
    private mutating func accessStatus(
        _ written: UInt64?, _ general: GuestRegister, _ slot: Slot, machine: inout Machine
    ) {
        guard let written else {
            return machine.setRegister(general, of: slot, to: machine.dr6(of: slot))
        }
        machine.setDR6(of: slot, to: DebugShadow.status(writing: written))
    }
}

import SICEABI

/// The world switch. Nothing on the way in and out of a guest that goes on hashes, copies pages or logs.
extension Manager {
    /// Gives the core to the environment, which is `runnable`.
    mutating func run<M: ManagerMachine & ~Copyable>(
        _ slot: Int, input: UInt64, on core: Int, machine: inout M
    ) -> ManagerStep {
        if environments[slot].awaitsInput {
            environments[slot].awaitsInput = false
            machine.setRegister(.rax, of: slot, to: 0)
            machine.setRegister(.rbx, of: slot, to: input)
        }
        if !environments[slot].wasStarted {
            environments[slot].wasStarted = true
            logEnvironment(.started, slot, machine: &machine)
        }
        environments[slot].state = .running
        environments[slot].mode = .timeSharing
        environments[slot].core = core
        environments[slot].runs &+= 1
        runningSlots[core] = slot
        return .enterGuest(slot: slot)
    }

    /// Decides what an exit of the guest on this core means. `registers` are the host's, as ``handle(_:on:machine:)`` left
    /// them.
    public mutating func finish<M: ManagerMachine & ~Copyable>(
        _ exit: GuestExit, on core: Int, registers: inout HostRegisters, machine: inout M
    ) -> ManagerStep {
        guard core >= 0, core < coreCount, runningSlots[core] != Self.noSlot else {
            registers.rax = ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue)
            return .resumeHost
        }
        let slot = runningSlots[core]
        // A fault on another core killed it meanwhile.
        guard !isFaulted else { return stopAfterFault(slot, on: core, &registers, machine: &machine) }
        switch exit.kind {
        case .call:
            return serveCall(slot, on: core, &registers, machine: &machine)
        case .hostInterrupt:
            return leave(slot, on: core, .hostInterrupt, 0, &registers)
        case .exception:
            return crash(slot, on: core, exit.code & 0xFF, exit.address, &registers, machine: &machine)
        case .nestedPageFault:
            return crash(slot, on: core, CrashCode.memoryMap, exit.address, &registers, machine: &machine)
        case .shutdown:
            return crash(slot, on: core, CrashCode.shutdown, exit.address, &registers, machine: &machine)
        case .forbiddenInstruction, .other:
            let code = CrashCode.forbiddenInstruction
            return crash(slot, on: core, code, exit.address, &registers, machine: &machine)
        case .invalidState:
            return crash(slot, on: core, CrashCode.invalidState, exit.address, &registers, machine: &machine)
        }
    }

    /// `running → runnable`: the host has its core back.
    mutating func leave(
        _ slot: Int, on core: Int, _ reason: ExitReason, _ operand: UInt64, _ registers: inout HostRegisters
    ) -> ManagerStep {
        environments[slot].state = .runnable
        runningSlots[core] = Self.noSlot
        return Self.answer(&registers, reason, operand, 0)
    }

    /// `running → dead` by the workload's own wish.
    mutating func exit<M: ManagerMachine & ~Copyable>(
        _ slot: Int, on core: Int, status: UInt64, _ registers: inout HostRegisters, machine: inout M
    ) -> ManagerStep {
        kill(slot, on: core, machine: &machine)
        logEnvironment(.exited, slot, detail0: status, machine: &machine)
        return Self.answer(&registers, .exited, status, 0)
    }

    /// `running → dead` by something that it may not do.
    mutating func crash<M: ManagerMachine & ~Copyable>(
        _ slot: Int, on core: Int, _ code: UInt64, _ address: UInt64, _ registers: inout HostRegisters,
        machine: inout M
    ) -> ManagerStep {
        environments[slot].crashCode = code
        environments[slot].crashAddress = address
        kill(slot, on: core, machine: &machine)
        logEnvironment(.crashed, slot, detail0: code, detail1: address, machine: &machine)
        return Self.answer(&registers, .crashed, code, address)
    }

    /// A core that enters with an SMI cannot be inside a guest: it was reset under it (INIT, T11). The
    /// environment's registers are lost, so it dies; its pages wait for `destroy`.
    mutating func noticeReset<M: ManagerMachine & ~Copyable>(of core: Int, machine: inout M) {
        guard runningSlots[core] != Self.noSlot else { return }
        let slot = runningSlots[core]
        environments[slot].crashCode = CrashCode.coreReset
        environments[slot].crashAddress = 0
        kill(slot, on: core, machine: &machine)
        logEnvironment(
            .unexpectedReset, slot, detail0: UInt64(truncatingIfNeeded: core), machine: &machine)
    }

    private mutating func kill<M: ManagerMachine & ~Copyable>(
        _ slot: Int, on core: Int, machine: inout M
    ) {
        environments[slot].state = .dead
        runningSlots[core] = Self.noSlot
        machine.clearGuest(slot)
    }

    private mutating func stopAfterFault<M: ManagerMachine & ~Copyable>(
        _ slot: Int, on core: Int, _ registers: inout HostRegisters, machine: inout M
    ) -> ManagerStep {
        kill(slot, on: core, machine: &machine)
        registers.rax = ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue)
        return .resumeHost
    }

    /// All that the host learns of an exit (I5).
    private static func answer(
        _ registers: inout HostRegisters, _ reason: ExitReason, _ first: UInt64, _ second: UInt64
    ) -> ManagerStep {
        registers.rax = ABI.responseMagic
        registers.rbx = reason.rawValue
        registers.rcx = first
        registers.rdx = second
        return .resumeHost
    }
}

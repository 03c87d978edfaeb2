import GuestPolicy
import SICEABI

/// The world switch. Nothing on the way in and out of a guest that goes on hashes, copies pages or logs.
extension Manager where Machine: ~Copyable {
    /// Gives the core to the environment, which is `runnable`.
    mutating func run(
        _ slot: Int, _ registers: HostRegisters, on core: Int, machine: inout Machine
    ) throws(ErrorCode) -> ManagerStep {
        try giveEvent(registers.rsi, to: slot, machine: &machine)
        giveInput(registers.rdx, to: slot, machine: &machine)
        environments[slot].controllers = ControllerShadow(registers.rdi)
        environments[slot].mode = .timeSharing
        start(slot, on: core, machine: &machine)
        return .enterGuest(slot: slot)
    }

    /// `runnable → running`, in either mode.
    mutating func start(_ slot: Int, on core: Int, machine: inout Machine) {
        if !environments[slot].wasStarted {
            environments[slot].wasStarted = true
            logEnvironment(.started, slot, machine: &machine)
        }
        environments[slot].state = .running
        environments[slot].core = core
        environments[slot].runs &+= 1
        runningSlots[core] = slot
    }

    /// Back into the guest, in its mode.
    mutating func goOn(_ slot: Int) -> ManagerStep {
        environments[slot].mode == .multiCore ? .enterIsolated(slot: slot) : .enterGuest(slot: slot)
    }

    /// The host's word for a guest that waits in a yield.
    mutating func giveInput(_ input: UInt64, to slot: Int, machine: inout Machine) {
        if environments[slot].pendingRead != 0 { return completeRead(input, slot, machine: &machine) }
        guard environments[slot].awaitsInput else { return }
        environments[slot].awaitsInput = false
        machine.setRegister(.rax, of: slot, to: 0)
        machine.setRegister(.rbx, of: slot, to: input)
    }

    /// Decides what an exit of the guest on this core means. `registers` are the host's, as ``handle(_:on:machine:)`` left
    /// them.
    public mutating func finish(
        _ exit: GuestExit, on core: Int, registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        guard core >= 0, core < coreCount, runningSlots[core] != Self.noSlot else {
            registers.rax = ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue)
            return .resumeHost
        }
        let slot = runningSlots[core]
        // A fault on another core killed it meanwhile.
        guard !isFaulted else { return stopAfterFault(slot, on: core, &registers, machine: &machine) }
        if environments[slot].kind == .linuxGuest,
            let step = serveLinux(exit, slot, on: core, &registers, machine: &machine)
        {
            return step
        }
        switch exit.kind {
        case .call:
            return serveCall(slot, on: core, &registers, machine: &machine)
        case .hostInterrupt:
            if environments[slot].mode == .multiCore { return lookUp(slot, on: core, machine: &machine) }
            return leave(slot, on: core, .hostInterrupt, 0, 0, &registers, machine: machine)
        case .exception:
            return crash(slot, on: core, exit.code & 0xFF, exit.address, &registers, machine: &machine)
        case .nestedPageFault:
            return crash(slot, on: core, CrashCode.memoryMap, exit.address, &registers, machine: &machine)
        case .shutdown:
            return crash(slot, on: core, CrashCode.shutdown, exit.address, &registers, machine: &machine)
        case .forbiddenInstruction, .port, .halt, .identification, .registerAccess, .debugRegister, .other:
            let code = CrashCode.forbiddenInstruction
            return crash(slot, on: core, code, exit.address, &registers, machine: &machine)
        case .invalidState:
            return crash(slot, on: core, CrashCode.invalidState, exit.address, &registers, machine: &machine)
        }
    }

    /// The workload waits for the host's word.
    mutating func yield(
        _ slot: Int, on core: Int, _ word: UInt64, _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        environments[slot].awaitsInput = true
        environments[slot].yieldedWord = word
        return hand(.yield, word, 0, slot, on: core, &registers, machine: &machine)
    }

    /// Shows an exit that the guest survives to the host, in the way of the environment's mode.
    @inline(never)
    mutating func hand(
        _ reason: ExitReason, _ first: UInt64, _ second: UInt64, _ slot: Int, on core: Int,
        _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        if environments[slot].mode == .multiCore {
            return post(reason, first, second, on: core, machine: &machine)
        }
        return leave(slot, on: core, reason, first, second, &registers, machine: machine)
    }

    /// `running → runnable`: the host has its core back.
    private mutating func leave(
        _ slot: Int, on core: Int, _ reason: ExitReason, _ first: UInt64, _ second: UInt64,
        _ registers: inout HostRegisters, machine: borrowing Machine
    ) -> ManagerStep {
        environments[slot].state = .runnable
        runningSlots[core] = Self.noSlot
        if environments[slot].kind == .linuxGuest {
            registers.rsi = machine.hasPendingInterrupt(slot) ? 1 : 0
            registers.rdi = environments[slot].controllers.word
        }
        return Self.answer(&registers, reason, first, second)
    }

    /// `running → dead` by the workload's own wish.
    mutating func exit(
        _ slot: Int, on core: Int, status: UInt64, _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        logEnvironment(.exited, slot, detail0: status, machine: &machine)
        return end(slot, on: core, .exited, status, 0, &registers, machine: &machine)
    }

    /// `running → dead` by something that it may not do.
    @inline(never)
    mutating func crash(
        _ slot: Int, on core: Int, _ code: UInt64, _ address: UInt64, _ registers: inout HostRegisters,
        machine: inout Machine
    ) -> ManagerStep {
        environments[slot].crashCode = code
        environments[slot].crashAddress = address
        logEnvironment(.crashed, slot, detail0: code, detail1: address, machine: &machine)
        return end(slot, on: core, .crashed, code, address, &registers, machine: &machine)
    }

    /// Tells the host, in the way of the environment's mode, and gives the core back.
    private mutating func end(
        _ slot: Int, on core: Int, _ reason: ExitReason, _ first: UInt64, _ second: UInt64,
        _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        isolatedCores[core].exchange?.post(reason, first, second, then: .left, machine: &machine)
        let isIsolated = isolatedCores[core].exchange != nil
        kill(slot, on: core, machine: &machine)
        // The registers of an isolated core are not those of a request.
        return isIsolated ? .resumeHost : Self.answer(&registers, reason, first, second)
    }

    /// A core that enters with an SMI cannot be inside a guest: it was reset under it (INIT, T11). Nor is one that could not
    /// get the manager's lock after its guest's exit: any core reports that. The environment's registers, or its exit, are
    /// lost, so it dies; its pages wait for `destroy`. Nothing happens for a core that runs no guest.
    public mutating func noticeReset(of core: Int, machine: inout Machine) {
        guard core >= 0, core < coreCount, runningSlots[core] != Self.noSlot else { return }
        let slot = runningSlots[core]
        environments[slot].crashCode = CrashCode.coreReset
        environments[slot].crashAddress = 0
        isolatedCores[core].exchange?
            .post(.crashed, CrashCode.coreReset, 0, then: .left, machine: &machine)
        kill(slot, on: core, machine: &machine)
        logEnvironment(
            .unexpectedReset, slot, detail0: UInt64(truncatingIfNeeded: core), machine: &machine)
    }

    mutating func kill(
        _ slot: Int, on core: Int, machine: inout Machine
    ) {
        environments[slot].state = .dead
        runningSlots[core] = Self.noSlot
        isolatedCores[core] = IsolatedCore()
        machine.clearGuest(slot)
    }

    private mutating func stopAfterFault(
        _ slot: Int, on core: Int, _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        let isIsolated = isolatedCores[core].exchange != nil
        kill(slot, on: core, machine: &machine)
        if !isIsolated { registers.rax = ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue) }
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

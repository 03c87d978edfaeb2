public import GuestPolicy
import SICEABI

/// The world switch. Nothing on the way in and out of a guest that goes on hashes, copies pages or logs.
extension Manager where Machine: ~Copyable {
    /// Gives the core to the environment, which is `runnable`.
    mutating func run(
        _ slot: Slot, _ registers: HostRegisters, on core: CoreIndex, machine: inout Machine
    ) throws(ErrorCode) -> ManagerStep {
        try injectEvent(registers.rsi, to: slot, machine: &machine)
        deliverInput(registers.rdx, to: slot, machine: &machine)
        environments[slot].controllers = ControllerShadow(registers.rdi)
        environments[slot].mode = .timeSharing
        try advance(slot, to: .running)
        start(slot, on: core, machine: &machine)
        return .enterGuest(slot: slot)
    }

    /// The core is about to enter the environment, which is `running`, in either mode.
    mutating func start(_ slot: Slot, on core: CoreIndex, machine: inout Machine) {
        if !environments[slot].wasStarted {
            environments[slot].wasStarted = true
            logEnvironment(.started, slot, machine: &machine)
        }
        environments[slot].core = core
        environments[slot].runs &+= 1
        runningSlots[core.index] = slot
    }

    /// Back into the guest, in its mode.
    mutating func reenter(_ slot: Slot) -> ManagerStep {
        environments[slot].mode == .multiCore ? .enterIsolated(slot: slot) : .enterGuest(slot: slot)
    }

    /// The host's word for a guest that waits in a yield.
    mutating func deliverInput(_ input: UInt64, to slot: Slot, machine: inout Machine) {
        if environments[slot].pendingRead != 0 { return completeRead(input, slot, machine: &machine) }
        guard environments[slot].awaitsInput else { return }
        environments[slot].awaitsInput = false
        machine.setRegister(.rax, of: slot, to: 0)
        machine.setRegister(.rbx, of: slot, to: input)
    }

    /// Decides what an exit of the guest on this core means. `registers` are the host's, as ``handle(_:on:machine:)`` left
    /// them.
    public mutating func finish(
        _ exit: GuestExit, on core: CoreIndex, registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        guard core.index < Int(coreCount), let slot = runningSlots[core.index] else {
            registers.rax = ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue)
            return .resumeHost
        }
        let context = GuestExitContext(slot: slot, core: core)
        // A fault on another core killed it meanwhile.
        guard !isFaulted else { return stopAfterFault(context, &registers, machine: &machine) }
        if environments[slot].kind == .linuxGuest,
            let step = serveLinux(exit, context, &registers, machine: &machine)
        {
            return step
        }
        switch exit.kind {
        case .vmmcall:
            return serveCall(context, &registers, machine: &machine)
        case .hostInterrupt:
            if environments[slot].mode == .multiCore { return serveSignal(context, machine: &machine) }
            return leave(ExitReport(.hostInterrupt), context, &registers, machine: &machine)
        case .exception:
            return crash(context, exit.code & 0xFF, exit.address, &registers, machine: &machine)
        case .nestedPageFault:
            return crash(context, CrashCode.memoryMap, exit.address, &registers, machine: &machine)
        case .shutdown:
            return crash(context, CrashCode.shutdown, exit.address, &registers, machine: &machine)
        case .forbiddenInstruction, .ioio, .hlt, .cpuid, .msr, .debugRegister, .other:
            let code = CrashCode.forbiddenInstruction
            return crash(context, code, exit.address, &registers, machine: &machine)
        case .invalidState:
            return crash(context, CrashCode.invalidState, exit.address, &registers, machine: &machine)
        }
    }

    /// The workload waits for the host's word.
    mutating func yield(
        _ context: GuestExitContext, _ word: UInt64, _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        environments[context.slot].awaitsInput = true
        environments[context.slot].yieldedWord = word
        return report(ExitReport(.yield, word), context, &registers, machine: &machine)
    }

    /// Shows an exit that the guest survives to the host, in the way of the environment's mode.
    @inline(never)
    mutating func report(
        _ report: ExitReport, _ context: GuestExitContext, _ registers: inout HostRegisters,
        machine: inout Machine
    ) -> ManagerStep {
        if environments[context.slot].mode == .multiCore {
            return post(report, context, machine: &machine)
        }
        return leave(report, context, &registers, machine: &machine)
    }

    /// `running → runnable`: the host has its core back.
    @inline(__always)
    private mutating func leave(
        _ report: ExitReport, _ context: GuestExitContext, _ registers: inout HostRegisters,
        machine: inout Machine
    ) -> ManagerStep {
        let slot = context.slot
        guard environments[slot].transition(to: .runnable) else {
            return contradict(context, &registers, machine: &machine)
        }
        runningSlots[context.core.index] = nil
        if environments[slot].kind == .linuxGuest {
            registers.rsi = machine.hasPendingInterrupt(slot) ? 1 : 0
            registers.rdi = environments[slot].controllers.word
        }
        return Self.answer(&registers, report)
    }

    /// `running → dead` by the workload's own wish.
    mutating func exit(
        _ context: GuestExitContext, status: UInt64, _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        logEnvironment(.exited, context.slot, detail0: status, machine: &machine)
        return end(ExitReport(.exited, status), context, &registers, machine: &machine)
    }

    /// `running → dead` by something that it may not do.
    @inline(never)
    mutating func crash(
        _ context: GuestExitContext, _ code: UInt64, _ address: UInt64, _ registers: inout HostRegisters,
        machine: inout Machine
    ) -> ManagerStep {
        let slot = context.slot
        environments[slot].crashCode = code
        environments[slot].crashAddress = address
        logEnvironment(.crashed, slot, detail0: code, detail1: address, machine: &machine)
        return end(ExitReport(.crashed, code, address), context, &registers, machine: &machine)
    }

    /// Tells the host, in the way of the environment's mode, and gives the core back.
    private mutating func end(
        _ report: ExitReport, _ context: GuestExitContext, _ registers: inout HostRegisters,
        machine: inout Machine
    ) -> ManagerStep {
        isolatedCores[context.core.index].exchange?.post(report, then: .left, machine: &machine)
        let isIsolated = isolatedCores[context.core.index].exchange != nil
        kill(context.slot, on: context.core, machine: &machine)
        // The registers of an isolated core are not those of a request.
        return isIsolated ? .resumeHost : Self.answer(&registers, report)
    }

    /// A core that enters with an SMI cannot be inside a guest: it was reset under it (INIT, T11). Nor is one that could not
    /// get the manager's lock after its guest's exit: any core reports that. The environment's registers, or its exit, are
    /// lost, so it dies; its pages wait for `destroy`. Nothing happens for a core that runs no guest.
    public mutating func noticeReset(of core: CoreIndex, machine: inout Machine) {
        guard core.index < Int(coreCount), let slot = runningSlots[core.index] else { return }
        environments[slot].crashCode = CrashCode.coreReset
        environments[slot].crashAddress = 0
        isolatedCores[core.index].exchange?
            .post(ExitReport(.crashed, CrashCode.coreReset), then: .left, machine: &machine)
        kill(slot, on: core, machine: &machine)
        logEnvironment(
            .unexpectedReset, slot, detail0: UInt64(truncatingIfNeeded: core.index), machine: &machine)
    }

    /// `running → dead`, unless a fault on another core killed it before.
    mutating func kill(_ slot: Slot, on core: CoreIndex, machine: inout Machine) {
        if environments[slot].state != .dead { _ = environments[slot].transition(to: .dead) }
        runningSlots[core.index] = nil
        isolatedCores[core.index] = IsolatedCore()
        machine.clearGuest(slot)
    }

    /// A guest stopped that was not running: no table of the manager can be trusted any more (I8).
    @inline(never)
    private mutating func contradict(
        _ context: GuestExitContext, _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        fail(machine: &machine)
        return stopAfterFault(context, &registers, machine: &machine)
    }

    private mutating func stopAfterFault(
        _ context: GuestExitContext, _ registers: inout HostRegisters, machine: inout Machine
    ) -> ManagerStep {
        let isIsolated = isolatedCores[context.core.index].exchange != nil
        kill(context.slot, on: context.core, machine: &machine)
        if !isIsolated { registers.rax = ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue) }
        return .resumeHost
    }

    /// All that the host learns of an exit (I5).
    private static func answer(
        _ registers: inout HostRegisters, _ report: ExitReport
    ) -> ManagerStep {
        registers.rax = ABI.responseMagic
        registers.rbx = report.reason.rawValue
        registers.rcx = report.first
        registers.rdx = report.second
        return .resumeHost
    }
}

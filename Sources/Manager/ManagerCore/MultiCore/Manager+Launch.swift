import GuestPolicy
import SICEABI

/// Multi-core mode: `launch`, `stop`, `kick` from the host's cores, and the isolated core's own steps.
///
/// A launched core stays in SMM. Its exits go through an ``Exchange``; everything that changes the manager's state
/// still happens under the lock, on whichever core it is.
extension Manager where Machine: ~Copyable {
    /// Gives another core to the environment, which is `runnable`.
    mutating func launch(
        _ slot: Slot, _ registers: HostRegisters, on core: CoreIndex, machine: inout Machine
    ) throws(ErrorCode) {
        let target = try idleCore(registers.rdx, besides: core)
        let page = try HostRange(
            address: registers.rsi, count: ABI.pageSize, alignment: ABI.pageSize, in: hostMemory)
        let exchange = Exchange(page: page.part(at: 0, count: ExchangeLayout.size))
        try machine.signal(target, identifier: apicIdentifiers[target.index], .systemManagement)
        try advance(slot, to: .running)
        exchange.show(.pending, machine: &machine)
        // The core may have entered already; it waits for the lock.
        isolatedCores[target.index] = IsolatedCore(slot: slot, exchange: exchange)
        environments[slot].mode = .multiCore
        environments[slot].core = target
        // Only an answer in this page gives a word for it.
        environments[slot].controllers = ControllerShadow()
    }

    /// The core with a local APIC identifier, if it is the host's to give. Throws `noSuchCore`, `coreBusy`.
    private mutating func idleCore(_ identifier: UInt64, besides caller: CoreIndex) throws(ErrorCode)
        -> CoreIndex
    {
        for number in 0..<coreCount {
            let core = CoreIndex(remainderOf: number)
            guard UInt64(apicIdentifiers[core.index]) == identifier, core != caller else { continue }
            guard isolatedCores[core.index].slot == nil, runningSlots[core.index] == nil else {
                throw .coreBusy
            }
            return core
        }
        throw .noSuchCore
    }

    /// Asks the environment's core to leave; the answer says whether it has.
    mutating func stop(
        _ slot: Slot, _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        registers.rbx = 0
        guard environments[slot].state == .running else { return }
        let core = try isolatedCore(of: slot)
        guard isolatedCores[core.index].hasEntered else { return releaseCore(core, machine: &machine) }
        registers.rbx = 1
        // First an SMI: a core that was thrown out of SMM (INIT) comes in and finds that out; an NMI would hit the host
        // there. A core inside takes the SMI after it left, for nothing, and the NMI of the next call. Then by turns:
        // INIT also removes an SMI that is still pending, and the environment would stay in a core that the host has.
        let isNMI = isolatedCores[core.index].nextStopIsNMI
        try machine.signal(
            core, identifier: apicIdentifiers[core.index], isNMI ? .nonMaskable : .systemManagement)
        isolatedCores[core.index].nextStopIsNMI = !isNMI
        isolatedCores[core.index].isStopRequested = true
    }

    /// Makes the environment's core look at its exchange page.
    mutating func kick(_ slot: Slot, machine: inout Machine) throws(ErrorCode) {
        let core = try isolatedCore(of: slot)
        guard isolatedCores[core.index].hasEntered else { return }
        try machine.signal(core, identifier: apicIdentifiers[core.index], .nonMaskable)
    }

    /// Throws `environmentBusy` for one that runs in time-sharing mode.
    private mutating func isolatedCore(of slot: Slot) throws(ErrorCode) -> CoreIndex {
        guard environments[slot].mode == .multiCore else { throw .environmentBusy }
        return environments[slot].core
    }

    /// The first step of a core that was launched, when its SMI arrives; nil when none is due.
    mutating func enterLaunched(
        on core: CoreIndex, machine: inout Machine
    ) -> ManagerStep? {
        guard let slot = isolatedCores[core.index].slot, !isolatedCores[core.index].hasEntered else {
            return nil
        }
        guard !isFaulted else {
            isolatedCores[core.index] = IsolatedCore()
            return nil
        }
        isolatedCores[core.index].hasEntered = true
        isolatedCores[core.index].exchange?.show(.running, machine: &machine)
        start(slot, on: core, machine: &machine)
        // A guest that waits in a yield has an exit to be answered, also when it happened in the other mode.
        let read = environments[slot].pendingRead
        let context = GuestExitContext(slot: slot, core: core)
        if read != 0 { return post(ExitReport(.portRead, read), context, machine: &machine) }
        guard environments[slot].awaitsInput else { return .enterIsolated(slot: slot) }
        return post(ExitReport(.yield, environments[slot].yieldedWord), context, machine: &machine)
    }

    /// Shows an exit to the host and waits for its answer.
    mutating func post(
        _ report: ExitReport, _ context: GuestExitContext, machine: inout Machine
    ) -> ManagerStep {
        let (slot, core) = (context.slot, context.core)
        let isPending = environments[slot].kind == .linuxGuest && machine.hasPendingInterrupt(slot)
        isolatedCores[core.index].exchange?
            .post(report, eventPending: isPending, then: .waiting, machine: &machine)
        guard let exchange = isolatedCores[core.index].exchange else { return .resumeHost }
        return .awaitAnswer(exchange)
    }

    /// Goes on after ``ManagerStep/awaitAnswer(_:)``; `answer` is what ``Exchange/wait(machine:)`` gave.
    public mutating func resume(
        _ answer: ExchangeAnswer?, on core: CoreIndex, machine: inout Machine
    ) -> ManagerStep {
        guard core.index < Int(coreCount), let slot = runningSlots[core.index],
            let exchange = isolatedCores[core.index].exchange
        else { return .resumeHost }
        guard !isFaulted else {
            kill(slot, on: core, machine: &machine)
            return .resumeHost
        }
        guard !isolatedCores[core.index].isStopRequested else {
            releaseCore(core, machine: &machine)
            return .resumeHost
        }
        guard let answer else { return .awaitAnswer(exchange) }
        deliverInput(answer.input, to: slot, machine: &machine)
        environments[slot].controllers = ControllerShadow(answer.controllers)
        if let event = isolatedCores[core.index].exchange?.newEvent(in: answer) {
            offer(event, to: slot, machine: &machine)
        }
        exchange.show(.running, machine: &machine)
        return .enterIsolated(slot: slot)
    }

    /// A signal stopped the guest of an isolated core.
    mutating func serveSignal(
        _ context: GuestExitContext, machine: inout Machine
    ) -> ManagerStep {
        let (slot, core) = (context.slot, context.core)
        guard isolatedCores[core.index].isStopRequested else {
            if let event = isolatedCores[core.index].exchange?.newEvent(machine: &machine) {
                offer(event, to: slot, machine: &machine)
            }
            return .enterIsolated(slot: slot)
        }
        releaseCore(core, machine: &machine)
        return .resumeHost
    }

    /// An event through the page. There is nobody to tell that it is none, or comes too early: it is lost.
    private mutating func offer(
        _ event: UInt64, to slot: Slot, machine: inout Machine
    ) {
        do throws(ErrorCode) { try injectEvent(event, to: slot, machine: &machine) } catch {}
    }

    /// `running → runnable`: the core is the host's again.
    private mutating func releaseCore(_ core: CoreIndex, machine: inout Machine) {
        guard let slot = isolatedCores[core.index].slot else { return }
        drainExchange(slot, on: core, machine: &machine)
        isolatedCores[core.index].exchange?.show(.left, machine: &machine)
        guard environments[slot].transition(to: .runnable) else {
            kill(slot, on: core, machine: &machine)
            return fail(machine: &machine)
        }
        isolatedCores[core.index] = IsolatedCore()
        runningSlots[core.index] = nil
        environments[slot].mode = .timeSharing
    }

    /// What the host wrote before it asked for the core still counts, an answer as well as an event: else the host could
    /// not know what of it has reached the guest.
    private mutating func drainExchange(
        _ slot: Slot, on core: CoreIndex, machine: inout Machine
    ) {
        guard isolatedCores[core.index].hasEntered else { return }
        if let answer = isolatedCores[core.index].exchange?.answer(machine: &machine) {
            deliverInput(answer.input, to: slot, machine: &machine)
        }
        if let event = isolatedCores[core.index].exchange?.newEvent(machine: &machine) {
            offer(event, to: slot, machine: &machine)
        }
    }
}

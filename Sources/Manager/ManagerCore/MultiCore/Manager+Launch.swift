import GuestPolicy
import SICEABI

/// Multi-core mode: `launch`, `stop`, `notify` from the host's cores, and the isolated core's own steps.
///
/// A launched core stays in SMM. Its exits go through an ``Exchange``; everything that changes the manager's state
/// still happens under the lock, on whichever core it is.
extension Manager where Machine: ~Copyable {
    /// Gives another core to the environment, which is `runnable`.
    mutating func launch(
        _ slot: Int, _ registers: HostRegisters, on core: Int, machine: inout Machine
    ) throws(ErrorCode) {
        let target = try idleCore(registers.rdx, besides: core)
        let page = try HostRange(
            address: registers.rsi, count: ABI.pageSize, alignment: ABI.pageSize, in: hostMemory)
        let exchange = Exchange(page: page.part(at: 0, count: ExchangeLayout.size))
        try machine.signal(target, identifier: apicIdentifiers[target], .systemManagement)
        exchange.show(.pending, machine: &machine)
        // The core may have entered already; it waits for the lock.
        isolatedCores[target] = IsolatedCore(slot: slot, exchange: exchange)
        environments[slot].state = .running
        environments[slot].mode = .multiCore
        environments[slot].core = target
        // Only an answer in this page gives a word for it.
        environments[slot].controllers = ControllerShadow()
    }

    /// The core with a local APIC identifier, if it is the host's to give. Throws `noSuchCore`, `coreBusy`.
    private mutating func idleCore(_ identifier: UInt64, besides caller: Int) throws(ErrorCode) -> Int {
        for core in 0..<coreCount where UInt64(apicIdentifiers[core]) == identifier && core != caller {
            guard isolatedCores[core].slot == Self.noSlot, runningSlots[core] == Self.noSlot else {
                throw .coreBusy
            }
            return core
        }
        throw .noSuchCore
    }

    /// Asks the environment's core to leave; the answer says whether it has.
    mutating func stop(
        _ slot: Int, _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        registers.rbx = 0
        guard environments[slot].state == .running else { return }
        let core = try isolatedCore(of: slot)
        guard isolatedCores[core].hasEntered else { return giveBack(core, machine: &machine) }
        registers.rbx = 1
        // First an SMI: a core that was thrown out of SMM (INIT) comes in and finds that out; an NMI would hit the host
        // there. A core inside takes the SMI after it left, for nothing, and the NMI of the next call. Then by turns:
        // INIT also removes an SMI that is still pending, and the environment would stay in a core that the host has.
        let isNMI = isolatedCores[core].nextStopIsNMI
        try machine.signal(core, identifier: apicIdentifiers[core], isNMI ? .nonMaskable : .systemManagement)
        isolatedCores[core].nextStopIsNMI = !isNMI
        isolatedCores[core].isStopRequested = true
    }

    /// Makes the environment's core look at its exchange page.
    mutating func notify(_ slot: Int, machine: inout Machine) throws(ErrorCode) {
        let core = try isolatedCore(of: slot)
        guard isolatedCores[core].hasEntered else { return }
        try machine.signal(core, identifier: apicIdentifiers[core], .nonMaskable)
    }

    /// Throws `environmentBusy` for one that runs in time-sharing mode.
    private mutating func isolatedCore(of slot: Int) throws(ErrorCode) -> Int {
        guard environments[slot].mode == .multiCore else { throw .environmentBusy }
        return environments[slot].core
    }

    /// The first step of a core that was launched, when its SMI arrives; nil when none is due.
    mutating func enterLaunched(
        on core: Int, machine: inout Machine
    ) -> ManagerStep? {
        let slot = isolatedCores[core].slot
        guard slot != Self.noSlot, !isolatedCores[core].hasEntered else { return nil }
        guard !isFaulted else {
            isolatedCores[core] = IsolatedCore()
            return nil
        }
        isolatedCores[core].hasEntered = true
        isolatedCores[core].exchange?.show(.running, machine: &machine)
        start(slot, on: core, machine: &machine)
        // A guest that waits in a yield has an exit to be answered, also when it happened in the other mode.
        let read = environments[slot].pendingRead
        if read != 0 { return post(.portRead, read, 0, on: core, machine: &machine) }
        guard environments[slot].awaitsInput else { return .enterIsolated(slot: slot) }
        return post(.yield, environments[slot].yieldedWord, 0, on: core, machine: &machine)
    }

    /// Shows an exit to the host and waits for its answer.
    mutating func post(
        _ reason: ExitReason, _ first: UInt64, _ second: UInt64, on core: Int, machine: inout Machine
    ) -> ManagerStep {
        let slot = runningSlots[core]
        let isPending = environments[slot].kind == .linuxGuest && machine.hasPendingInterrupt(slot)
        isolatedCores[core].exchange?
            .post(reason, first, second, eventPending: isPending, then: .waiting, machine: &machine)
        guard let exchange = isolatedCores[core].exchange else { return .resumeHost }
        return .awaitAnswer(exchange)
    }

    /// Goes on after ``ManagerStep/awaitAnswer(_:)``; `answer` is what ``Exchange/wait(machine:)`` gave.
    public mutating func resume(
        _ answer: ExchangeAnswer?, on core: Int, machine: inout Machine
    ) -> ManagerStep {
        guard core >= 0, core < coreCount, runningSlots[core] != Self.noSlot,
            let exchange = isolatedCores[core].exchange
        else { return .resumeHost }
        let slot = runningSlots[core]
        guard !isFaulted else {
            kill(slot, on: core, machine: &machine)
            return .resumeHost
        }
        guard !isolatedCores[core].isStopRequested else {
            giveBack(core, machine: &machine)
            return .resumeHost
        }
        guard let answer else { return .awaitAnswer(exchange) }
        giveInput(answer.input, to: slot, machine: &machine)
        environments[slot].controllers = ControllerShadow(answer.controllers)
        if let event = isolatedCores[core].exchange?.newEvent(in: answer) {
            offer(event, to: slot, machine: &machine)
        }
        exchange.show(.running, machine: &machine)
        return .enterIsolated(slot: slot)
    }

    /// A signal stopped the guest of an isolated core.
    mutating func lookUp(
        _ slot: Int, on core: Int, machine: inout Machine
    ) -> ManagerStep {
        guard isolatedCores[core].isStopRequested else {
            if let event = isolatedCores[core].exchange?.newEvent(machine: &machine) {
                offer(event, to: slot, machine: &machine)
            }
            return .enterIsolated(slot: slot)
        }
        giveBack(core, machine: &machine)
        return .resumeHost
    }

    /// An event through the page. There is nobody to tell that it is none, or comes too early: it is lost.
    private mutating func offer(
        _ event: UInt64, to slot: Int, machine: inout Machine
    ) {
        do throws(ErrorCode) { try giveEvent(event, to: slot, machine: &machine) } catch {}
    }

    /// `running → runnable`: the core is the host's again.
    private mutating func giveBack(_ core: Int, machine: inout Machine) {
        let slot = isolatedCores[core].slot
        takeLastWords(slot, on: core, machine: &machine)
        isolatedCores[core].exchange?.show(.left, machine: &machine)
        isolatedCores[core] = IsolatedCore()
        runningSlots[core] = Self.noSlot
        environments[slot].state = .runnable
        environments[slot].mode = .timeSharing
    }

    /// What the host wrote before it asked for the core still counts, an answer as well as an event: else the host could
    /// not know what of it has reached the guest.
    private mutating func takeLastWords(
        _ slot: Int, on core: Int, machine: inout Machine
    ) {
        guard isolatedCores[core].hasEntered else { return }
        if let answer = isolatedCores[core].exchange?.answer(machine: &machine) {
            giveInput(answer.input, to: slot, machine: &machine)
        }
        if let event = isolatedCores[core].exchange?.newEvent(machine: &machine) {
            offer(event, to: slot, machine: &machine)
        }
    }
}

import SICEABI

extension Manager where Machine: ~Copyable {
    /// Called by the machine's fault handlers, and when a core finds that it was thrown out of SMM while it held
    /// the lock, so that the manager's own state may be torn (I8).
    ///
    /// The report key goes first. Environments die; those that run on other cores are stopped at their next exit.
    /// From then on only `info`, `status`, `readLog` and `logBase` are answered; everything else is `managerFault`.
    /// A second call does nothing. `code` and `address` go to the log: exception vector and RIP.
    public mutating func fail(
        code: UInt64 = 0, address: UInt64 = 0, machine: inout Machine
    ) {
        guard !isFaulted else { return }
        isFaulted = true
        machine.destroyReportKey()
        hasReportKey = false
        entropy = .init(repeating: 0)
        for number in 0..<UInt64(Slot.count) {
            let slot = Slot(remainderOf: number)
            guard environments[slot].isAlive else { continue }
            let isRunning = isInsideGuest(slot)
            _ = environments[slot].transition(to: .dead)
            // The registers of a guest that runs on another core are in use; its exit clears them.
            if !isRunning { machine.clearGuest(slot) }
        }
        stopIsolatedCores(machine: &machine)
        log.append(
            LogEntry(.managerFault, environment: 0, detail0: code, detail1: address), machine: &machine)
    }

    private mutating func isInsideGuest(_ slot: Slot) -> Bool {
        for number in 0..<coreCount where runningSlots[CoreIndex(remainderOf: number).index] == slot {
            return true
        }
        return false
    }

    /// Nothing else would stop a guest that has a core for itself. A core that cannot be reached stops at its next
    /// exit.
    private mutating func stopIsolatedCores(machine: inout Machine) {
        for number in 0..<coreCount {
            let core = CoreIndex(remainderOf: number)
            guard isolatedCores[core.index].hasEntered else { continue }
            do throws(ErrorCode) {
                try machine.signal(core, identifier: apicIdentifiers[core.index], .nonMaskable)
            } catch {}
        }
    }
}

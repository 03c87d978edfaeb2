import SICEABI

extension Manager where Machine: ~Copyable {
    /// Clears and frees an environment, a batch of pages at a time (I7).
    mutating func destroy(
        _ slot: Slot, _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        if environments[slot].state != .scrubbing {
            try advance(slot, to: .scrubbing)
            machine.clearGuest(slot)
            pool.cancelReservation(of: &environments[slot].memory)
        }
        var step: UInt64 = 0
        while step < ABI.pagesPerStep, environments[slot].memory.owned > 0 {
            guard pool.giveBackOne(of: &environments[slot].memory, machine: &machine) else {
                throw .managerFault
            }
            step &+= 1
        }
        registers.rbx = environments[slot].memory.owned
        guard registers.rbx == 0 else { return }
        try advance(slot, to: .absent)
        logEnvironment(.destroyed, slot, machine: &machine)
        environments[slot].reset()
    }

    /// Frees the few pages of an environment that did not come to be.
    mutating func releaseAll(_ slot: Slot, machine: inout Machine) {
        while pool.giveBackOne(of: &environments[slot].memory, machine: &machine) {}
        pool.cancelReservation(of: &environments[slot].memory)
        environments[slot].reset()
    }
}

import SICEABI

extension Manager where Machine: ~Copyable {
    /// Records an event of an environment, with its measurement.
    mutating func logEnvironment(
        _ event: LogEvent, _ slot: Slot, detail0: UInt64 = 0, detail1: UInt64 = 0, machine: inout Machine
    ) {
        var entry = LogEntry(
            event, environment: identifier(of: slot), detail0: detail0, detail1: detail1)
        entry.setDigest(environments[slot].measurement)
        log.append(entry, machine: &machine)
    }

    /// Records a refused command when it looks like an attack rather than a slip: addresses outside the host's
    /// RAM, images that the tools would not make, boot commands after the lock.
    mutating func logRefusal(
        _ error: ErrorCode, of registers: HostRegisters, machine: inout Machine
    ) {
        guard !isFaulted, Self.isSuspicious(error) else { return }
        var entry = LogEntry(.refused, environment: 0, detail0: registers.rbx)
        entry.store(error.rawValue, at: LogEntryLayout.error)
        log.append(entry, machine: &machine)
    }

    private static func isSuspicious(_ error: ErrorCode) -> Bool {
        switch error {
        case .addressInSMRAM, .addressWraps, .addressOutsideRAM, .bootCommandClosed: true
        case .imageTooLarge, .windowNotDeclared, .windowAlreadyAttached: false
        default: error.rawValue / 100 == 3
        }
    }
}

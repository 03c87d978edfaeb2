internal import CMachine
internal import CPayload
internal import SICEABI

/// Moves SMBASE of every core from its reset value into SMRAM.
enum Relocation {
    private static let handler = LowMemory.defaultSMBASE + 0x8000
    /// AMD64 save state, SMBASE relocation possible (APM vol. 2, 10.2.4).
    private static let knownRevision: UInt32 = 0x0002_0064

    /// Relocates core after core. Throws `bootNoSMM` when the first one takes no SMI or has a save state that
    /// is not known, `bootCoreLost` when another one does not.
    static func run(_ cores: Cores, clock: Clock, smbase: (Int) -> UInt64) throws(ErrorCode) {
        clearMemory(at: LowMemory.defaultSMBASE, count: LowMemory.hiddenSize)
        let code = sice_relocate_code()
        copyMemory(from: code.address, to: handler, count: code.size)
        for core in 0..<cores.count {
            let target = UInt32(truncatingIfNeeded: smbase(core))
            guard relocate(cores.identifiers[core], to: target, clock: clock),
                core == 0 || cores.isExecuting(core, clock: clock)
            else { throw core == 0 ? .bootNoSMM : .bootCoreLost }
        }
        leaveReturn()
    }

    /// What stays where SMBASE is after reset, hidden from the legacy host for ever: a handler that only returns.
    /// A core that is plugged in later finds nothing there that anyone could have prepared.
    private static func leaveReturn() {
        clearMemory(at: LowMemory.defaultSMBASE, count: LowMemory.hiddenSize)
        let code = sice_return_code()
        copyMemory(from: code.address, to: handler, count: code.size)
    }

    /// One SMI. RSM may come after the handler's mark, and until then no other core may enter, since both would
    /// use the same save state area: the caller waits until the core executes again.
    private static func relocate(_ identifier: UInt32, to smbase: UInt32, clock: Clock) -> Bool {
        sice_write32(handler + UInt64(SICE_RELOCATE_SMBASE), smbase)
        sice_write32(handler + UInt64(SICE_RELOCATE_DONE), 0)
        LocalAPIC.sendSMI(to: identifier)
        let done = handler + UInt64(SICE_RELOCATE_DONE)
        guard clock.wait(milliseconds: 10_000, until: done, equals: 1) else { return false }
        return sice_read32(handler + UInt64(SICE_RELOCATE_REVISION)) == knownRevision
    }
}

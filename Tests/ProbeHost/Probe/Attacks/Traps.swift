internal import CFirmware
internal import CMachine
internal import CProbe

/// Lets a core try what may raise an exception, and go on afterwards.
enum Traps {
    private static func slot(of core: UInt64) -> UInt64 { WorkMemory.traps + core * 8 }

    /// Nothing is tried by any core.
    static func clear() { sice_clear_words(WorkMemory.traps, 256) }

    /// Runs code, which gets `argument` in RDI and must keep the registers of the System V ABI unless it is stopped.
    /// Nil when it came to its end, else the exception's vector.
    static func run(_ code: UInt64, _ argument: UInt64 = 0) -> UInt64? {
        let outcome = probe_try(code, argument, slot(of: UInt64(LocalAPIC.identifier)))
        return outcome == 0 ? nil : outcome - 1
    }

    /// Whether the exception belongs to something that this core tries; then its handler leads back.
    static func take(_ frame: UnsafeMutablePointer<sice_exception_frame>) -> Bool {
        let slot = slot(of: UInt64(LocalAPIC.identifier))
        let stack = sice_read64(slot)
        guard stack != 0 else { return false }
        sice_write64(slot, 0)
        unsafe frame.pointee.rax = frame.pointee.vector + 1
        unsafe frame.pointee.rip = probe_try_recovery()
        unsafe frame.pointee.rsp = stack
        return true
    }

    /// Writes an MSR; nil when the CPU took it, else the exception's vector.
    static func writeMSR(_ number: UInt32, _ value: UInt64) -> UInt64? {
        sice_write64(WorkMemory.traps + 0x400, UInt64(number))
        sice_write64(WorkMemory.traps + 0x408, value)
        return run(probe_code_wrmsr(), WorkMemory.traps + 0x400)
    }
}

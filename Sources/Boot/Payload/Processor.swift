internal import CMachine
internal import SICEABI

/// What the manager's entry stubs take for granted.
enum Processor {
    /// Throws `bootNoSVM` unless guests with nested paging can run (AMD64 APM volume 2, §15.4 and §15.25.1): the
    /// first SMI would set EFER.SVME, and a CPU that lacks it would shut down.
    static func requireVirtualization() throws(ErrorCode) {
        let hasSVM = sice_cpuid(0x8000_0001, 0).ecx & 1 << 2 != 0
        guard sice_cpuid(0x8000_0000, 0).eax >= 0x8000_000A, hasSVM,
            sice_cpuid(0x8000_000A, 0).edx & 1 != 0
        else { throw .bootNoSVM }
        let isDisabled = sice_rdmsr(0xC001_0114) & 1 << 4 != 0  // VM_CR.SVMDIS
        guard !isDisabled else { throw .bootNoSVM }
    }
}

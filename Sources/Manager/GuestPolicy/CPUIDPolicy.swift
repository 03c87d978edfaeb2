/// The registers of a CPUID answer.
public struct CPUIDAnswer: Equatable, Sendable {
    public var eax: UInt32
    public var ebx: UInt32
    public var ecx: UInt32
    public var edx: UInt32

    public init(eax: UInt32 = 0, ebx: UInt32 = 0, ecx: UInt32 = 0, edx: UInt32 = 0) {
        self.eax = eax
        self.ebx = ebx
        self.ecx = ecx
        self.edx = edx
    }
}

/// What a Linux guest learns of the CPU: bits that a row names, as the hardware has them; everything else reads as 0.
///
/// Whatever is shown must work without the manager's help and reach nothing outside the guest. Not shown, among others:
/// the local APIC and its timer (the guest has an 8259 and an 8254), XSAVE and AVX (FXSAVE is all of the vector state
/// that a world switch keeps), MTRR, MCE, SVM, MONITOR, performance counters, RDTSCP, protection keys.
public enum CPUIDPolicy {
    static let lastBasicLeaf: UInt32 = 7
    static let firstExtendedLeaf: UInt32 = 0x8000_0000
    static let lastExtendedLeaf: UInt32 = 0x8000_0008
    /// "There is a hypervisor": the kernel then leaves alone what only firmware and hardware's owner touch.
    static let hypervisorBit: UInt32 = 1 << 31

    /// The answer to a leaf, made of the hardware's.
    public static func answer(leaf: UInt32, subleaf: UInt32, hardware: CPUIDAnswer) -> CPUIDAnswer {
        let row = CPUIDRow.row(leaf: leaf, subleaf: subleaf)
        var answer = CPUIDAnswer(
            eax: hardware.eax & row.eax, ebx: hardware.ebx & row.ebx, ecx: hardware.ecx & row.ecx,
            edx: hardware.edx & row.edx)
        switch leaf {
        case 0: answer.eax = min(hardware.eax, lastBasicLeaf)
        case 1: answer.ecx |= hypervisorBit
        case firstExtendedLeaf: answer.eax = min(hardware.eax, lastExtendedLeaf)
        default: break
        }
        return answer
    }
}

/// Bits of one leaf that pass (AMD64 APM volume 3, appendix E).
struct CPUIDRow {
    var eax: UInt32 = 0
    var ebx: UInt32 = 0
    var ecx: UInt32 = 0
    var edx: UInt32 = 0

    private static let all = CPUIDRow(eax: .max, ebx: .max, ecx: .max, edx: .max)

    static func row(leaf: UInt32, subleaf: UInt32) -> CPUIDRow {
        switch leaf {
        case 0: CPUIDRow(ebx: .max, ecx: .max, edx: .max)  // vendor
        case 1: CPUIDRow(eax: .max, ebx: 0x0000_FF00, ecx: Basic.ecx, edx: Basic.edx)  // EBX: cache line only
        case 7:
            subleaf == 0
                ? CPUIDRow(ebx: Structured.ebx, ecx: Structured.ecx, edx: Structured.edx) : CPUIDRow()
        case 0x8000_0000: CPUIDRow(ebx: .max, ecx: .max, edx: .max)
        case 0x8000_0001: CPUIDRow(eax: .max, ecx: Extended.ecx, edx: Extended.edx)
        case 0x8000_0002...0x8000_0006: all  // name, caches
        case 0x8000_0007: CPUIDRow(edx: 1 << 8)  // the time stamp counter's rate is constant
        case 0x8000_0008: CPUIDRow(eax: .max)  // address sizes
        default: CPUIDRow()
        }
    }

    private enum Basic {
        /// SSE3, PCLMULQDQ, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, MOVBE, POPCNT, AES, RDRAND.
        static let ecx: UInt32 =
            1 << 0 | 1 << 1 | 1 << 9 | 1 << 13 | 1 << 19 | 1 << 20 | 1 << 22 | 1 << 23 | 1 << 25 | 1 << 30
        /// FPU, DE, PSE, TSC, MSR, PAE, CX8, SEP, PGE, CMOV, PSE-36, CLFLUSH, MMX, FXSR, SSE, SSE2.
        static let edx: UInt32 =
            1 << 0 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 11 | 1 << 13 | 1 << 15 | 1
            << 17
            | 1 << 19 | 1 << 23 | 1 << 24 | 1 << 25 | 1 << 26
    }

    private enum Structured {
        /// FSGSBASE, BMI1, SMEP, BMI2, ERMS, INVPCID, RDSEED, ADX, SMAP, CLFLUSHOPT, CLWB, SHA.
        static let ebx: UInt32 =
            1 << 0 | 1 << 3 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 18 | 1 << 19 | 1 << 20 | 1 << 23 | 1
            << 24
            | 1 << 29
        /// UMIP.
        static let ecx: UInt32 = 1 << 2
        /// FSRM.
        static let edx: UInt32 = 1 << 4
    }

    private enum Extended {
        /// LAHF, ABM, SSE4A, misaligned SSE, PREFETCHW.
        static let ecx: UInt32 = 1 << 0 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8
        /// As leaf 1, and SYSCALL, NX, MMX extensions, 1 GiB pages, long mode.
        static let edx: UInt32 =
            1 << 0 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6 | 1 << 8 | 1 << 11 | 1 << 13 | 1 << 15 | 1
            << 17
            | 1 << 20 | 1 << 22 | 1 << 23 | 1 << 24 | 1 << 26 | 1 << 29
    }
}

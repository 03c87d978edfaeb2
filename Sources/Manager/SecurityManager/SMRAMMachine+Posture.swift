import CMachine
import ManagerCore
import SICEABI

/// Protections, read back from the chipset and the CPU.
extension SMRAMMachine {
    mutating func posture(_ claim: PostureClaim) -> PostureValue {
        switch claim {
        case .tsegEnabled: value(chipset(0x9E) & 0x01 != 0)  // ESMRAMC.T_EN
        case .smramLocked: value(chipset(0x9D) & 0x10 != 0)  // SMRAM.D_LCK
        case .smramClosed: value(chipset(0x9D) & 0x40 == 0)  // SMRAM.D_OPEN
        case .defaultSMBASEHidden: value(chipset(0x9C) & 0x02 != 0)
        case .apicWindowClear: value(isAPICWindowClear)
        case .amdTSegMask: value(isAMD && isTSEGMasked)
        case .amdSMMLock: value(isAMD && sice_rdmsr(0xC001_0015) & 1 != 0)  // HWCR.SMMLOCK
        case .smrr: value(isCoveredBySMRR)
        case .bareMetal: value(!isVirtual && !isEmulator)
        default: .unknown  // the handoff says it, or the manager itself
        }
    }

    private func value(_ isPresent: Bool) -> PostureValue { isPresent ? .present : .absent }

    /// A byte of the host bridge's configuration space (Q35 0:0.0). The host may be between its own two port
    /// accesses, so the address register is put back (I6).
    private func chipset(_ register: UInt32) -> UInt8 {
        let address = sice_in32(0xCF8)
        sice_out32(0xCF8, 0x8000_0000 | register & 0xFC)
        let byte = sice_in8(0xCFC + UInt16(register & 3))
        sice_out32(0xCF8, address)
        return byte
    }

    /// I10. The entry stub checks the same on each entry; the report says what is true now.
    private var isAPICWindowClear: Bool {
        let base = sice_rdmsr(0x1B)
        let isMapped = base & 1 << 11 != 0 && base & 1 << 10 == 0
        let page = base & 0x000F_FFFF_FFFF_F000
        return !isMapped || page < smramBase || page >= smramBase + smramSize
    }

    /// SMM_ADDR and SMM_MASK (APM volume 2, §10.2.5): valid, and every address of TSEG matches.
    private var isTSEGMasked: Bool {
        let base = sice_rdmsr(0xC001_0112)
        let mask = sice_rdmsr(0xC001_0113)
        let bits = mask & 0x000F_FFFF_FFFE_0000
        return mask & 2 != 0 && smramBase & bits == base & bits
            && (smramBase + smramSize - 1) & bits == base & bits
    }

    /// SMRR (Intel SDM volume 3, §32.4.2.4): supported, valid, and every address of TSEG matches.
    private var isCoveredBySMRR: Bool {
        guard !isAMD, sice_cpuid(1, 0).edx & 1 << 12 != 0, sice_rdmsr(0xFE) & 1 << 11 != 0 else {
            return false
        }
        let base = sice_rdmsr(0x1F2)
        let mask = sice_rdmsr(0x1F3)
        let bits = mask & 0xFFFF_F000
        return mask & 1 << 11 != 0 && smramBase & bits == base & bits
            && (smramBase + smramSize - 1) & bits == base & bits
    }

    /// "AuthenticAMD" or "HygonGenuine": the MSRs above exist and reading them cannot fault.
    private var isAMD: Bool {
        let vendor = sice_cpuid(0, 0).ebx
        return vendor == 0x6874_7541 || vendor == 0x6F67_7948
    }

    private var isVirtual: Bool { sice_cpuid(1, 0).ecx & 1 << 31 != 0 }

    /// "TCGTCGTCGTCG": QEMU's emulator says so whether or not the hypervisor bit is shown.
    private var isEmulator: Bool { sice_cpuid(0x4000_0000, 0).ebx == 0x5447_4354 }
}

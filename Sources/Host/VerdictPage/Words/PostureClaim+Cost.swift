internal import SICEABI

extension PostureClaim {
    /// What an attacker can do where the protection is absent.
    var costOfAbsence: String {
        switch self {
        case .tsegEnabled: "There is no protected memory: the host reads and changes everything."
        case .smramLocked: "The host can open SMRAM, and read or replace all that it holds."
        case .smramClosed: "The host reads and changes the manager, its environments and its keys."
        case .defaultSMBASEHidden:
            "The host can leave code in that place, which then runs with the security manager's rights."
        case .apicWindowClear:
            "The host can put these registers where the security manager believes its own data to be."
        case .amdTSegMask:
            "Only the chipset's protection stands; what the processor's caches hold of SMRAM is not guarded."
        case .amdSMMLock:
            "The host can change the processor's settings; only the chipset's protection stands."
        case .initRedirected:
            "The host can end an environment by a reset of its core. Vector registers survive that, and what they "
                + "held of the environment may be read."
        case .smrr:
            "The host can poison what caches hold of SMRAM, where nothing else guards them. AMD processors have no SMRR: "
                + "there amdTSegMask is that guard."
        case .smmEntryLeavesGuestMode:
            "A host that runs virtual machines itself can run its own code with the security manager's rights."
        case .measuredBoot: "Nothing says which firmware started the security manager."
        case .platformHierarchyClosed: "The host can give the TPM new keys."
        case .noInsecureOption:
            "The security manager may have started unmeasured, or without a key for reports."
        case .corebootFirmware:
            "The stand-in starts the same security manager, but is no firmware of a real board."
        case .bareMetal: "Whoever owns the emulator sees and changes everything."
        case .smmEntryFlushesTranslations:
            "A host that prepares for it can run its own code with the security manager's rights."
        case .smmEntryDisablesBreakpoints:
            "A breakpoint on the manager's first instruction runs the host's code with the manager's rights."
        case .smmExitFlushesTranslations:
            "None for this security manager, which makes the core forget each time. Another handler of this kind would "
                + "leave SMRAM open."
        case .fpuRestoreIsCoreLocal:
            "An environment can lose the walls of its memory at an entry: it crashes, or, prepared for it, could reach "
                + "all memory."
        case .firstStageProtected:
            "The host can replace that program, and the next boot's measurements do not show it."
        case .memoryClearedAtReset:
            "Firmware that somebody replaced finds what SMRAM held before. This firmware clears it first."
        case .requestNamesPort:
            "Only a secret word in memory, which the host's root knows, tells the security manager who asks."
        }
    }
}

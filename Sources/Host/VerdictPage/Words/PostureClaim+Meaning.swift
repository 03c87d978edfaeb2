internal import SICEABI

extension PostureClaim {
    /// What the protection is, for people who do not know the platform.
    var meaning: String {
        switch self {
        case .tsegEnabled: "Memory is set aside for the security manager and its environments (SMRAM)."
        case .smramLocked: "The registers that guard SMRAM are frozen until the next reset."
        case .smramClosed: "SMRAM cannot be seen by anything but the security manager."
        case .defaultSMBASEHidden:
            "The place where a processor core looks for its first handler of this kind is hidden."
        case .apicWindowClear: "The interrupt controller's registers do not lie over SMRAM."
        case .amdTSegMask: "The processor itself keeps everybody else out of SMRAM (AMD SMM_MASK)."
        case .amdSMMLock: "The processor's own settings for SMRAM are frozen (AMD SMMLOCK)."
        case .initRedirected: "A core that works for the security manager cannot be reset by another core."
        case .smrr: "The processor guards what its caches hold of SMRAM (SMRR)."
        case .smmEntryLeavesGuestMode:
            "A core that enters the security manager sees memory as it is, not as a virtual machine's tables show it."
        case .measuredBoot: "The firmware measured itself into the TPM before it went on."
        case .platformHierarchyClosed: "The TPM takes no more orders from who has the firmware's rights."
        case .noInsecureOption:
            "The ROM does not carry the option to start on a machine whose TPM did not measure the firmware."
        case .corebootFirmware: "The firmware is a build of coreboot, not the stand-in for trials in QEMU."
        case .bareMetal: "The processor does not say that a hypervisor or emulator runs it."
        case .smmEntryFlushesTranslations:
            "A core that enters the security manager forgets where the interrupted program found its memory."
        case .smmEntryDisablesBreakpoints:
            "Breakpoints of the interrupted program do not strike in the security manager."
        case .smmExitFlushesTranslations:
            "A core that leaves the security manager forgets where that found its memory."
        case .fpuRestoreIsCoreLocal:
            "Restoring one core's floating-point state changes no other core. It can be seen that this is missing, never "
                + "that it is there."
        case .firstStageProtected: "The host cannot overwrite the first program that the machine starts."
        case .memoryClearedAtReset:
            "A reset clears memory. It can be seen that this is missing, never that it is there."
        case .requestNamesPort: "The processor tells the security manager by which instruction it was asked."
        }
    }
}

extension ErrorCode {
    /// E09xx: ROMs that tools read and change. No text for others.
    var romText: ErrorDescription {
        switch self {
        case .romUnreadable:
            ErrorDescription(
                "The file is larger than any ROM, which has 64 MiB at most.",
                "Pass a ROM in coreboot's format.", 65)
        case .romFileMissing:
            ErrorDescription(
                "The ROM lacks a file that is needed.",
                "The message names it; flash the ROM again.", 65)
        case .romNoFlashMap:
            ErrorDescription(
                "The file has no flash map (FMAP), or a broken one.",
                "Pass the whole image that coreboot's build made (build/coreboot.rom).", 65)
        case .romTruncated:
            ErrorDescription(
                "The ROM is shorter than its flash map says.",
                "Copy it completely.", 65)
        case .romAreaOutside:
            ErrorDescription(
                "The flash map names an area that lies outside of the ROM.",
                "Build the ROM again; the message names the area.", 65)
        case .romNoFileSystem:
            ErrorDescription(
                "The ROM has no CBFS that holds files.",
                "Pass the whole image that coreboot's build made (build/coreboot.rom).", 65)
        case .romFileSystemDamaged:
            ErrorDescription(
                "The ROM's CBFS is damaged: a header is broken, or files overlap.",
                "Copy or build the ROM again.", 65)
        case .romNoRoom:
            ErrorDescription(
                "The ROM's CBFS has no room for the files.",
                "Build with a larger CONFIG_CBFS_SIZE (or CONFIG_ROM_SIZE), or remove a file that the message names.",
                65)
        case .romHasSMMHandler:
            ErrorDescription(
                "coreboot in this ROM installs an SMM handler of its own.",
                "Build it with CONFIG_NO_SMM=y (QEMU: CONFIG_CPU_QEMU_X86_NO_SMM=y).", 65)
        case .romNotMeasured:
            ErrorDescription(
                "coreboot in this ROM does not measure what it starts.",
                "Build it with CONFIG_TPM2=y and CONFIG_TPM_MEASURED_BOOT=y.", 65)
        case .romNoConfiguration:
            ErrorDescription(
                "The ROM does not say how coreboot was configured.",
                "Build it with CONFIG_INCLUDE_CONFIG_FILE=y.", 65)
        case .romConfigurationUnsupported:
            ErrorDescription(
                "coreboot in this ROM is set to something that measurements or boot can't be foretold with.",
                "Build it with the setting that the message names.", 65)
        case .romAlreadyFlashed:
            ErrorDescription(
                "The ROM has a security manager already.",
                "Pass --replace to put in these files instead, or unflash it first.", 65)
        case .romNotFlashed:
            ErrorDescription(
                "The ROM has no security manager.",
                "Pass a ROM that `sice-attest flash` made.", 65)
        case .romNoPayload:
            ErrorDescription(
                "The ROM has no payload that could be started after the security manager.",
                "Name one with --next, for example GRUB's ELF for coreboot.", 66)
        case .romOversized:
            ErrorDescription(
                "The ROM is longer than its flash map says.",
                "Pass the ROM alone: what lies behind its end would be flashed, and is neither measured nor understood.",
                65)
        case .romLeftovers:
            ErrorDescription(
                "The ROM has files in `sice/` that no `sice-attest flash` of a security manager put there.",
                "Take them out with `cbfstool ROM remove -n NAME`, or pass the ROM as coreboot's build made it.",
                65)
        case .payloadForeign:
            ErrorDescription(
                "The payload is not the one that installs the security manager.",
                "Pass payload.elf, which coreboot-payload/build makes; what shall start afterwards is for --next.",
                65)
        default: .missing
        }
    }
}

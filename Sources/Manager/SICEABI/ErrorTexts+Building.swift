extension ErrorCode {
    /// E07xx: tools that build. No text for others.
    var buildingText: ErrorDescription {
        switch self {
        case .notAnELF:
            ErrorDescription(
                "The program is not an ELF file.",
                "Pass a static x86 executable.", 65)
        case .elfTruncated:
            ErrorDescription(
                "The ELF file ends before its headers say.",
                "Copy it completely.", 65)
        case .elfWrongMachine:
            ErrorDescription(
                "The ELF file is not a static x86 program of the kind that is needed.",
                "Build isolated programs for x86_64-unknown-none-elf, payloads for x86, and link them statically.",
                65)
        case .elfOverlappingSegments:
            ErrorDescription(
                "Two loadable segments share a page.",
                "Align segments to pages in the linker script.", 65)
        case .elfWritableAndExecutable:
            ErrorDescription(
                "A segment is writable and executable.",
                "Link with separate code and data segments.", 65)
        case .elfNoSegments:
            ErrorDescription(
                "The ELF file has nothing to load.",
                "Check the linker script.", 65)
        case .manifestUnreadable:
            ErrorDescription(
                "The manifest is not valid JSON of the manifest schema.",
                "Compare it with the example in `sice-attest build --help`.", 65)
        case .manifestUnknownKey:
            ErrorDescription(
                "The manifest has a key that is not known.",
                "Remove or correct the key that the message names.", 65)
        case .manifestOutOfRange:
            ErrorDescription(
                "A value in the manifest is out of range.",
                "Use a value in the range that the message names.", 65)
        case .manifestMissingKey:
            ErrorDescription(
                "The manifest lacks a required key.",
                "Add the key that the message names.", 65)
        case .elfSegmentOutOfRange:
            ErrorDescription(
                "A segment lies where programs may not be.",
                "Link isolated programs from 0x200000 on and below 0x8000000000, payloads below 4 GiB.", 65)
        case .notALinuxKernel:
            ErrorDescription(
                "The file is not a Linux kernel in bzImage format.",
                "Pass the distribution's vmlinuz.", 65)
        case .linuxKernelTruncated:
            ErrorDescription(
                "The Linux kernel is shorter than its header says.",
                "Copy it completely.", 65)
        case .linuxKernelUnsupported:
            ErrorDescription(
                "The Linux kernel cannot be entered in 64-bit mode above 1 MiB.",
                "Pass an x86-64 kernel of boot protocol 2.12 or later.", 65)
        case .linuxCommandLineUnusable:
            ErrorDescription(
                "The kernel's command line is too long or holds control characters.",
                "The kernel itself says how long it may be; see the message.", 65)
        case .linuxMemoryTooSmall:
            ErrorDescription(
                "Kernel and initial RAM disk do not fit into the guest's memory.",
                "Pass a larger --memory; the message names what is needed.", 65)
        case .linuxInitrdUnusable:
            ErrorDescription(
                "The initial RAM disk is neither a cpio archive nor a compressed one.",
                "Pass an archive made by `cpio -H newc`, compressed or not.", 65)
        case .elfInconsistent:
            ErrorDescription(
                "Headers of the ELF file contradict each other or the format.",
                "The message names the field; link the program again, and leave its headers as the linker wrote them.",
                65)
        default: .missing
        }
    }
}

extension ErrorCode {
    /// E06xx: the boot. No text for others.
    var bootText: ErrorDescription {
        switch self {
        case .bootNoSMM:
            ErrorDescription(
                "The machine has no usable SMM.",
                "Start QEMU with -machine q35,smm=on.", 69)
        case .bootNoTPM:
            ErrorDescription(
                "No TPM 2.0 answers.",
                "Attach a TPM 2.0, or set the ROM's explicit insecure option.", 69)
        case .bootNotMeasured:
            ErrorDescription(
                "The TPM does not hold the firmware's measurements.",
                "Use a ROM with measured boot.", 69)
        case .bootNoCorebootTable:
            ErrorDescription(
                "No valid coreboot table was handed over.",
                "Start the payload from coreboot or the stand-in ROM.", 65)
        case .bootNoTSEG:
            ErrorDescription(
                "TSEG has an unusable size, or not the one that the ROM asks for.",
                "Set the extended TSEG size (16 to 1024 MiB, or what `sice/tseg-mbytes` says).", 69)
        case .bootFileMissing:
            ErrorDescription(
                "A file is missing from CBFS.",
                "Flash the ROM again.", 66)
        case .bootBadManagerImage:
            ErrorDescription(
                "sice/manager is not a manager image.",
                "Flash the ROM again.", 65)
        case .bootBadPayload:
            ErrorDescription(
                "sice/next is not a payload that can be started.",
                "Use a SELF payload that stays clear of SMRAM and the payload.", 65)
        case .bootCoreLost:
            ErrorDescription(
                "A core did not answer while it was moved into SMRAM.",
                "Restart; use at most 8 cores.", 70)
        case .bootBadCBFS:
            ErrorDescription(
                "CBFS is damaged.",
                "Flash the ROM again.", 65)
        case .bootNoACPI:
            ErrorDescription(
                "No valid ACPI tables were found.",
                "Use a ROM that installs ACPI tables.", 65)
        case .bootPostureFailed:
            ErrorDescription(
                "SMRAM did not lock.",
                "The machine cannot protect the manager; the boot stops.", 70)
        case .bootTPMFailed:
            ErrorDescription(
                "The TPM refused a command.",
                "See the response code on the console.", 69)
        case .bootPayloadInSMRAM:
            ErrorDescription(
                "A segment of `sice/next` would be loaded over SMRAM.",
                "Add another payload as `sice/next`.", 65)
        case .bootPayloadOverlapsFirmware:
            ErrorDescription(
                "A segment of `sice/next` would be loaded over the running payload or over another segment.",
                "Link it outside 48 to 80 MiB, or add another payload.", 65)
        case .bootPayloadOutsideRAM:
            ErrorDescription(
                "A segment of `sice/next` would be loaded where the memory map has no free RAM.",
                "Link it where the machine has RAM (1 to 48 MiB always is), or give a small machine more.", 65
            )
        case .bootPayloadCompressed:
            ErrorDescription(
                "`sice/next` is compressed in a way other than LZMA.",
                "Add it again with `cbfstool add-payload -c LZMA` or `-c none`.", 65)
        case .bootTooManyCores:
            ErrorDescription(
                "The machine has more cores than the security manager serves.",
                "Start it with at most 8 cores.", 69)
        case .bootNoMemory:
            ErrorDescription(
                "The machine has too little free RAM below SMRAM.",
                "Give it more memory or a smaller SMRAM.", 69)
        case .bootLogUnusable:
            ErrorDescription(
                "The firmware's event log is missing, malformed, full, or not of the SHA-256 bank alone.",
                "Flash a ROM that logs in TCG 2.0 format with SHA-256.", 69)
        case .bootNoSVM:
            ErrorDescription(
                "The CPU offers no AMD virtualization with nested paging, or it is switched off.",
                "Use a CPU with SVM and NPT (QEMU: -cpu max) and enable SVM in the firmware.", 69)
        case .bootLogMismatch:
            ErrorDescription(
                "The TPM's PCRs are not what the firmware's event log replays to.",
                "Restart the machine; if it stays, flash a ROM whose firmware logs everything that it extends.",
                69)
        case .bootPayloadDamaged:
            ErrorDescription(
                "A compressed segment of `sice/next` is damaged or expands beyond its length.",
                "Add it again with `cbfstool add-payload`; where that prints LzmaEnc_Encode failed, with `-c none`.",
                65)
        case .bootNoRoomForInitrd:
            ErrorDescription(
                "The RAM disk of the Linux kernel in `sice/next` has no room between 80 and 896 MiB.",
                "Make it smaller, or give the machine more memory.", 65)
        case .bootPayloadInHiddenMemory:
            ErrorDescription(
                "A segment of `sice/next` would be loaded at 0x30000 to 0x4FFFF, which SMRAM's lock hides.",
                "Link it elsewhere, such as from 1 MiB on.", 65)
        default: rootText
        }
    }

    /// Of these the root of sealed storage; a machine goes on without it.
    private var rootText: ErrorDescription {
        switch self {
        case .rootRefused:
            ErrorDescription(
                "The root of sealed storage belongs to other firmware than what was measured.",
                "Flash that firmware again.", 69)
        case .rootLocked:
            ErrorDescription(
                "The root of sealed storage was read already since the last reset.",
                "Restart the machine.", 69)
        case .rootNotLocked:
            ErrorDescription(
                "The TPM did not lock the root of sealed storage against reading.",
                "The legacy host could read it; the boot stops. Use another TPM.", 70)
        case .rootUnsupported:
            ErrorDescription(
                "The TPM lacks a command that sealed storage needs.",
                "Use a TPM 2.0 of revision 1.38 or later.", 69)
        case .rootNoPlace:
            ErrorDescription(
                "The TPM has no room for the root of sealed storage, or what is there cannot be deleted.",
                "Delete NV indices of others; what other firmware left for ever, only another TPM helps.", 69)
        case .rootFailed:
            ErrorDescription(
                "The TPM failed while the root of sealed storage was read or made.",
                "Restart the machine; see the response code on the console.", 69)
        default: .missing
        }
    }
}

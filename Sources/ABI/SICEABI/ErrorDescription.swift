/// What a person needs to know about an error. Tools print all of it, the payload the summary; the manager, whose
/// answers are numbers, does not have it: its linker drops it.
public struct ErrorDescription: Sendable {
    /// One sentence: what is wrong.
    public let summary: StaticString
    /// One sentence: what to do.
    public let remedy: StaticString
    /// Exit status of a tool that ends with this error (DESIGN: exit codes).
    public let exitStatus: Int32

    init(_ summary: StaticString, _ remedy: StaticString, _ exitStatus: Int32) {
        self.summary = summary
        self.remedy = remedy
        self.exitStatus = exitStatus
    }

    /// Stands where a row has no text. A test sees to it that none is without; the compiler does not see across files.
    static var missing: ErrorDescription {
        ErrorDescription("This error has no text.", "Report it with its number.", 70)
    }
}

extension ErrorCode {
    /// The table row's text, which stands in the file of its hundred.
    public var description: ErrorDescription {
        switch rawValue / 100 {
        case 1: commandText
        case 2: hostMemoryText
        case 3: imageText
        case 5: managerText
        case 6: bootText
        case 7: buildingText
        case 8: evidenceText
        case 9: toolText
        default: .missing
        switch self {
        // MARK: Commands
        case .unknownCommand:
            ErrorDescription(
                "The manager does not know this command number.",
                "Use a `sice` command of the same version as the manager (`sice list` shows it).", 69)
        case .wrongState:
            ErrorDescription(
                "The environment's lifecycle state does not allow this command.",
                "Look at `sice list`; a dead environment can only be reported on and destroyed.", 69)
        case .invalidArgument:
            ErrorDescription(
                "An argument is outside its documented range.",
                "Check the value against the command's row in SPECIFICATION.md.", 64)
        case .noSuchEnvironment:
            ErrorDescription(
                "No environment has this id.",
                "Look at `sice list`; ids are not used again after `destroy`.", 69)
        case .tooManyEnvironments:
            ErrorDescription(
                "All environment slots are taken.",
                "Destroy an environment first.", 69)
        case .environmentBusy:
            ErrorDescription(
                "The environment is running on another core.",
                "Wait until its run returns.", 69)
        case .bootCommandClosed:
            ErrorDescription(
                "A boot command came after the machine was locked.",
                "Only the payload may send it, before the lock.", 69)
        case .notInstalled:
            ErrorDescription(
                "The manager was not installed completely at boot.",
                "Read the payload's lines on the console.", 69)
        case .noManager:
            ErrorDescription(
                "Nothing answered the SMI.",
                "Boot a ROM that holds the security manager; see the console at boot.", 69)
        case .againLater:
            ErrorDescription(
                "Another core held the manager's lock, and did not let go within the time that a core waits.",
                "Repeat the command; if it stays, a core was lost: restart the machine.", 69)
        case .eventPending:
            ErrorDescription(
                "The guest has not taken the interrupt that it was given before.",
                "Give the next one when RUN says that nothing is pending.", 69)
        case .noSuchCore:
            ErrorDescription(
                "The manager knows no core with this local APIC identifier, or it is the calling core itself.",
                "Name another core that was there at boot; `sice run --core N` takes Linux's CPU numbers.", 69
            )
        case .coreBusy:
            ErrorDescription(
                "The core is already given to an environment.",
                "Choose another core, or `sice stop` the environment that has it.", 69)
        case .coreUnreachable:
            ErrorDescription(
                "The calling core's local APIC is disabled or not at 0xFEE00000, so it cannot signal another core.",
                "Enable the local APIC in the legacy host (no `nolapic`), and leave its base where reset puts it.",
                69)
        case .requestNotAuthorized:
            ErrorDescription(
                "The request came without the word that its sender writes to the communication area.",
                "Only root of the legacy host may ask the manager: use `sice`.", 69)
        // MARK: Host memory
        case .addressInSMRAM:
            ErrorDescription(
                "A host address lies in SMRAM.",
                "Pass memory of the legacy host.", 65)
        case .addressWraps:
            ErrorDescription(
                "A host range wraps around the end of the address space.",
                "Pass a range that ends below 2^64.", 65)
        case .addressOutsideRAM:
            ErrorDescription(
                "A host range is not RAM as a whole.",
                "Pass addresses inside one range of the memory map.", 65)
        case .addressMisaligned:
            ErrorDescription(
                "A host address is not page-aligned.",
                "Align it to 4096 bytes.", 65)
        case .bufferTooSmall:
            ErrorDescription(
                "The output buffer is smaller than the answer.",
                "Pass a buffer of the documented size.", 65)
        // MARK: Image
        case .imageTruncated:
            ErrorDescription(
                "The image ends before its header says.",
                "Build the image again or copy it completely.", 65)
        case .imageBadMagic:
            ErrorDescription(
                "This is not an isolated image.",
                "Build one with `sice-attest build`.", 65)
        case .imageUnsupportedVersion:
            ErrorDescription(
                "The image has a format version that is not known here.",
                "Use tools of one version.", 65)
        case .imageUnknownKind:
            ErrorDescription(
                "The image is of a kind that this manager cannot run.",
                "Use a manager that knows the kind.", 65)
        case .imageUnknownFlag:
            ErrorDescription(
                "The image has a flag that is not known here.",
                "Use tools of one version.", 65)
        case .imageRegionMisaligned:
            ErrorDescription(
                "A region or window is not page-aligned.",
                "Align its address to 4096 bytes.", 65)
        case .imageRegionOutOfRange:
            ErrorDescription(
                "A region or window is empty, too large, wraps or leaves the guest's address space.",
                "Correct its address and size.", 65)
        case .imageRegionsOverlap:
            ErrorDescription(
                "Regions or windows overlap or are not in ascending order.",
                "Move them apart.", 65)
        case .imageWritableAndExecutable:
            ErrorDescription(
                "A region is writable and executable at once, or a window is executable.",
                "Split code and data.", 65)
        case .imageBadPermissions:
            ErrorDescription(
                "A region has permission bits that mean nothing.",
                "Use read, write, execute.", 65)
        case .imageBadEntry:
            ErrorDescription(
                "The entry point lies in no executable region.",
                "Check the program's entry symbol.", 65)
        case .imageReservedNotZero:
            ErrorDescription(
                "Bytes that must be zero are not.",
                "Build the image again.", 65)
        case .imageTooLarge:
            ErrorDescription(
                "The image needs more pages than the pool has free.",
                "Destroy environments, shrink the image or give TSEG more memory.", 69)
        case .imageOversized:
            ErrorDescription(
                "There is more content than the header declares.",
                "Build the image again.", 65)
        case .imageBadName:
            ErrorDescription(
                "The image's name is empty or not NUL-padded UTF-8.",
                "Give it a name of 1 to 31 bytes.", 65)
        case .imageTooManyRegions:
            ErrorDescription(
                "The image has more regions or windows than the format allows.",
                "Merge regions; 32 regions and 4 windows are the most.", 65)
        case .imageBadStackOrRoot:
            ErrorDescription(
                "The stack pointer or page-table root lies in no suitable region.",
                "Build the image with `sice-attest build`.", 65)
        case .windowNotDeclared:
            ErrorDescription(
                "The image declares no window with this index.",
                "Use the windows that `sice-attest inspect` lists.", 65)
        case .windowAlreadyAttached:
            ErrorDescription(
                "The window is attached already.",
                "Attach each window once.", 69)
        case .imageUnsorted:
            ErrorDescription(
                "The regions' content pages do not add up to the number that the header names.",
                "Build the image again.", 65)
        case .imageBadBootParameters:
            ErrorDescription(
                "The boot parameters do not lie on a writable page of the image, or a bare program has some.",
                "Build the image with `sice-attest build`.", 65)
        // MARK: Manager
        case .managerFault:
            ErrorDescription(
                "The manager met a fault of its own; keys are zeroed and environments dead.",
                "Restart the machine and report the fault with the console log.", 70)
        case .noReportKey:
            ErrorDescription(
                "The manager holds no report key.",
                "The firmware was not measured, or a fault zeroed the key; restart on a measured ROM.", 69)
        case .noEntropy:
            ErrorDescription(
                "The machine gave no randomness.",
                "RDRAND and TPM randomness are both needed.", 69)
        case .poolExhausted:
            ErrorDescription(
                "The page pool is empty.",
                "Destroy environments or give TSEG more memory.", 69)
        case .logEntryGone:
            ErrorDescription(
                "The run-time log no longer holds this entry.",
                "Only the last 128 entries are kept; the hash chain covers all.", 69)
        case .unknownService:
            ErrorDescription(
                "The workload called a service that does not exist.",
                "Build the workload against this manager's SDK.", 69)
        // MARK: Boot
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
        // MARK: Tools: building
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
        // MARK: Tools: evidence
        case .evidenceUnreadable:
            ErrorDescription(
                "The evidence is not a bundle of the known schema.",
                "Collect it again.", 65)
        case .evidenceTruncated:
            ErrorDescription(
                "A part of the evidence ends too early.",
                "Collect it again.", 65)
        case .evidenceMissingPart:
            ErrorDescription(
                "The evidence lacks a part that the appraisal needs.",
                "Collect it again.", 65)
        case .evidenceUnknownClaim:
            ErrorDescription(
                "The report has a claim that is not known here.",
                "Use a verifier of the manager's version.", 65)
        case .evidenceMalformedReport:
            ErrorDescription(
                "The report is not a deterministic COSE_Sign1 of the known profile.",
                "Collect it again.", 65)
        case .evidenceMalformedQuote:
            ErrorDescription(
                "The TPM quote does not parse.",
                "Collect it again.", 65)
        case .evidenceMalformedLog:
            ErrorDescription(
                "The event log does not parse.",
                "Collect it again.", 65)
        case .evidenceMalformedRuntimeLog:
            ErrorDescription(
                "The run-time log does not parse.",
                "Collect it again.", 65)
        case .nonceMismatch:
            ErrorDescription(
                "The evidence does not answer this challenge.",
                "Collect fresh evidence; if it persists, someone replays.", 1)
        case .reportSignatureInvalid:
            ErrorDescription(
                "The report's signature does not verify under the report key.",
                "Do not trust this machine.", 1)
        case .reportKeyNotVouched:
            ErrorDescription(
                "The quoted PCRs do not vouch for the report key.",
                "The report is from another boot or machine.", 1)
        case .quoteSignatureInvalid:
            ErrorDescription(
                "The quote's signature does not verify under the enrolled attestation key.",
                "Enroll the machine, or do not trust it.", 1)
        case .quoteWrongKey:
            ErrorDescription(
                "The quote comes from a TPM that is not the enrolled one.",
                "Check which machine answered.", 1)
        case .quoteNotBound:
            ErrorDescription(
                "The quote does not cover this nonce and report.",
                "Quote and report come from two sessions.", 1)
        case .quotePCRMismatch:
            ErrorDescription(
                "The PCR values do not match the quote's digest.",
                "The bundle was changed.", 1)
        case .logReplayMismatch:
            ErrorDescription(
                "The event log does not replay to the quoted PCRs.",
                "The log was changed, cut or reordered.", 1)
        case .referenceMismatch:
            ErrorDescription(
                "A measured component differs from the reference values.",
                "`sice-attest inspect` on both ROMs shows which one.", 1)
        case .measurementMismatch:
            ErrorDescription(
                "The environment's measurement is not the expected one.",
                "Compare with `sice-attest measure IMAGE`.", 1)
        case .debugImage:
            ErrorDescription(
                "The environment runs a debug image.",
                "Deploy a release image, or allow debug in the policy.", 1)
        case .postureRefused:
            ErrorDescription(
                "A protection that the policy requires is not present.",
                "The message names it; see SECURITY.md.", 1)
        case .runtimeLogMismatch:
            ErrorDescription(
                "The run-time log does not lead to the reported head.",
                "The log was changed or cut.", 1)
        case .quoteMalformedMagic:
            ErrorDescription(
                "The quote was not made by a TPM (wrong magic or type).",
                "Do not trust this machine.", 1)
        case .stateRefused:
            ErrorDescription(
                "The environment is not in a state that the policy accepts.",
                "Start the workload and collect again.", 1)
        case .managerMismatch:
            ErrorDescription(
                "The manager's digest in the report is not the reference one.",
                "Flash the expected manager.", 1)
        case .workloadDataMismatch:
            ErrorDescription(
                "The environment's workload data do not vouch for the given key.",
                "Get the key from this environment again; do not trust what it signed.", 1)
        case .enrollmentFailed:
            ErrorDescription(
                "The TPM did not prove that it holds the attestation key.",
                "Check which machine answered; enroll again.", 1)
        case .endorsementUntrusted:
            ErrorDescription(
                "The endorsement certificate does not chain to the given CA.",
                "Pass the TPM manufacturer's CA with --ek-ca.", 1)
        case .enrollmentUnreadable:
            ErrorDescription(
                "The enrollment record cannot be read.",
                "Enroll the machine again.", 65)
        case .referenceUnreadable:
            ErrorDescription(
                "The reference values cannot be read.",
                "Compute them again with `sice-attest reference`.", 65)
        case .policyUnreadable:
            ErrorDescription(
                "The policy cannot be read.",
                "Compare it with the example in `sice-attest verify --help`.", 65)
        case .endorsementNotForTPM:
            ErrorDescription(
                "The certificate is not one that endorses a TPM's key.",
                "Do not enroll this machine; ask the TPM's manufacturer which certificate it issued.", 1)
        case .endorsementNotValidNow:
            ErrorDescription(
                "The endorsement certificate, or one of its issuers, is not valid at this time.",
                "Check this computer's clock; else ask the TPM's manufacturer for a valid certificate.", 1)
        case .endorsementKeyRefused:
            ErrorDescription(
                "The endorsement key is of a kind that is not accepted.",
                "Use a TPM with an endorsement key of RSA 2048, RSA 3072, P-256 or P-384.", 1)
        case .endorsementOfAnotherKey:
            ErrorDescription(
                "The endorsement certificate is for another key than the machine's TPM shows.",
                "Do not trust this machine: it shows another TPM's certificate.", 1)
        // MARK: Tools: environment
        case .fileMissing:
            ErrorDescription(
                "A file that is needed does not exist or cannot be read.",
                "Check the path in the message.", 66)
        case .outputFailed:
            ErrorDescription(
                "An output file could not be written.",
                "Check space and permissions; no partial file was left.", 74)
        case .programMissing:
            ErrorDescription(
                "A program that is needed is not installed.",
                "Run `sice-attest doctor`; it names the Debian package.", 69)
        case .portInUse:
            ErrorDescription(
                "The port is in use.",
                "Pass another one with --port.", 69)
        case .machineDied:
            ErrorDescription(
                "The virtual machine ended before it was done.",
                "See the log that the message names.", 69)
        case .machineTimedOut:
            ErrorDescription(
                "The virtual machine did not get ready in time.",
                "See the log that the message names.", 69)
        case .targetUnreachable:
            ErrorDescription(
                "The target does not answer.",
                "Check the address and that `siced` runs there.", 69)
        case .targetRefused:
            ErrorDescription(
                "The target answered with an error.",
                "See the message; it is the target's own.", 69)
        case .romUnreadable:
            ErrorDescription(
                "The file is larger than any ROM, which has 64 MiB at most.",
                "Pass a ROM in coreboot's format.", 65)
        case .romFileMissing:
            ErrorDescription(
                "The ROM lacks a file that is needed.",
                "The message names it; flash the ROM again.", 65)
        case .usage:
            ErrorDescription(
                "The command line is not right.",
                "See --help.", 64)
        case .noCommunicationArea:
            ErrorDescription(
                "The machine's ACPI tables name no communication area.",
                "Boot a ROM with the payload; the console shows why it was left out.", 69)
        case .permissionDenied:
            ErrorDescription(
                "The operation needs more rights.",
                "Run it as root in the legacy host.", 69)
        case .noTPMDevice:
            ErrorDescription(
                "The legacy host has no TPM device.",
                "Load the TPM driver; /dev/tpmrm0 is needed.", 69)
        case .tpmCommandFailed:
            ErrorDescription(
                "The TPM refused a command.",
                "See the response code in the message.", 69)
        case .workloadFailed:
            ErrorDescription(
                "The workload answered with an error of its own.",
                "See the workload's documentation for the number.", 69)
        case .crashed:
            ErrorDescription(
                "The workload crashed.",
                "The message shows vector and address; destroy the environment.", 69)
        case .internalFailure:
            ErrorDescription(
                "The tool met a condition that it cannot explain.",
                "Report it with the message.", 70)
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
        case .programFailed:
            ErrorDescription(
                "A program that the tool uses failed.",
                "See its words in the message; `sice-attest doctor` checks its version.", 70)
        case .guestReset:
            ErrorDescription(
                "The Linux guest asked for a reset, which a measured guest does not get.",
                "Its console says why, a panic for example; destroy the environment and create it again.", 69)
        case .guestNotServed:
            ErrorDescription(
                "Nobody serves the environment's console.",
                "Start `sice run` for it; only Linux guests have a console.", 69)
        case .networkWindowUnusable:
            ErrorDescription(
                "The window holds no network of this version, or cannot hold one.",
                "Build the image with --network; in the legacy host start `sice run --network`.", 65)
        case .networkBadPosition:
            ErrorDescription(
                "The other side of a shared-window network counts bytes that were never written.",
                "The network has ended for good; the guest goes on. The other side is broken or hostile.", 65)
        case .networkBadLength:
            ErrorDescription(
                "The other side of a shared-window network wrote a packet length that cannot be.",
                "The network has ended for good; the guest goes on. The other side is broken or hostile.", 65)
        case .tunnelFailed:
            ErrorDescription(
                "The kernel did not give a TUN interface.",
                "It needs root and the kernel's tun module; another program may use the address.", 69)
        case .coreNotMoved:
            ErrorDescription(
                "Linux did not take the CPU offline, or did not bring it online again.",
                "Choose another CPU: CPU 0 and the last one online stay; the kernel needs CPU hot-plug.", 69)
        case .wallUnreadable:
            ErrorDescription(
                "A wall's file is not of the form that it must have.",
                "See the line that the message names, and the other files of Tests/Walls.", 65)
        case .wallStale:
            ErrorDescription(
                "What a wall's file wants to take out is not in the source exactly once, or its build does not change.",
                "Bring the file's old text and its line `builds:` up to date with the sources.", 65)
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
        case .requestTooSlow:
            ErrorDescription(
                "The request did not come to its end in time.",
                "Send it at once; `siced --help` says how long it may take.", 69)
        case .serviceBusy:
            ErrorDescription(
                "The service has as many requests as it can hold.",
                "Ask again after a moment.", 69)
        case .callsNotAllowed:
            ErrorDescription(
                "This service passes no calls on to workloads.",
                "Start `siced --allow-calls` where everybody who reaches its port may use them.", 69)
        case .serviceFailed:
            ErrorDescription(
                "The system took from the service what it needs to listen.",
                "See the system's words in the message; start it again.", 70)
        case .requestTooLarge:
            ErrorDescription(
                "The request is larger than what is taken.",
                "The message says how large it may be.", 65)
        case .managerTaken:
            ErrorDescription(
                "Another process has had the manager, or the workload, for longer than a command waits.",
                "Wait for the end of the process that is named, or end it, and repeat the command.", 69)
        case .targetTimedOut:
            ErrorDescription(
                "The target did not answer completely in the time that an exchange may take.",
                "Check that the address is the machine's and that the machine is not overloaded; --timeout gives it more.",
                69)
        case .targetUnusable:
            ErrorDescription(
                "The target's answer is none that `siced` gives.",
                "Check that the address and port are those of `siced`, and what is between.", 69)
        case .consoleTaken:
            ErrorDescription(
                "Another `sice console` is connected to the guest.",
                "One at a time: leave the other one with Ctrl-], or end it. The guest goes on.", 69)
        case .consoleLost:
            ErrorDescription(
                "The connection to the guest's console was lost.",
                "Its `sice run` was ended, or this program did not read for a second; `sice list` shows the guest.",
                69)
        case .guestServerSilent:
            ErrorDescription(
                "The guest's `sice run` does not answer.",
                "It may be stopped (SIGSTOP) or hang; end it, then `sice stop` gives the CPU back.", 69)
        case .folderInUse:
            ErrorDescription(
                "The folder is another machine's, which still runs.",
                "End that machine, or use another folder.", 69)
        case .callAbandoned:
            ErrorDescription(
                "The workload did not answer in the time that the service gives a call.",
                "Ask for less at once; `sice call` on the host itself waits as long as it takes.", 69)
        case .daemonUnusable:
            ErrorDescription(
                "What answers at the socket of `siced` is none that this `sice` understands.",
                "Use `sice` and `siced` of one version; `--direct` asks the manager without it.", 69)
        case .daemonSilent:
            ErrorDescription(
                "`siced` does not answer.",
                "It may be stopped or hang: end the process that is named; `--direct` asks the manager without it.",
                69)
        case .serveIsADaemon:
            ErrorDescription(
                "The service is a program of its own, `siced`.",
                "Run `siced` with the same options; `siced --help` names them.", 64)
        }
    }
}

/// Keys of the claims map in a report: an EAT (RFC 9711) in COSE_Sign1 (``ReportEnvelopeFormat``), deterministically
/// encoded CBOR (RFC 8949 §4.2). Private claims use the private range of the CWT registry.
///
/// Writer and readers go through the cases by `switch`: a claim that one of them does not know does not compile.
public enum ReportClaim: Int64, Sendable {
    case nonce = 10  // bstr, 32 bytes (eat_nonce)
    case debugStatus = 263  // uint DebugStatus (dbgstat)
    case profile = 265  // tstr (eat_profile): ``profileName``
    case measurement = -70001  // bstr, 32
    case environment = -70002  // uint
    case mode = -70003  // uint ExecutionMode
    case state = -70004  // uint LifecycleState
    case workloadData = -70005  // bstr, 64
    case managerDigest = -70006  // bstr, 32: SHA-256 of the sice/manager file
    case managerVersion = -70007  // tstr
    case posture = -70008  // map: uint PostureClaim → uint PostureValue
    case logHead = -70009  // bstr, 32
    case logCount = -70010  // uint
    case imageName = -70011  // tstr
    case bootCounter = -70012  // bstr, 16: random per boot

    /// Every claim, in the order of the map: that of their encodings.
    public static let order: InlineArray<15, ReportClaim> = [
        .nonce, .debugStatus, .profile, .measurement, .environment, .mode, .state, .workloadData,
        .managerDigest, .managerVersion, .posture, .logHead, .logCount, .imageName, .bootCounter,
    ]

    /// "tag:sice,2026:report/1"; bytes, since a static string has no safe span.
    public static let profileName: InlineArray<22, UInt8> = [
        0x74, 0x61, 0x67, 0x3A, 0x73, 0x69, 0x63, 0x65, 0x2C, 0x32, 0x30, 0x32, 0x36, 0x3A, 0x72, 0x65,
        0x70, 0x6F, 0x72, 0x74, 0x2F, 0x31,
    ]
}

#if !hasFeature(Embedded)
extension ReportClaim: CaseIterable {}
#endif

/// Value of ``ReportClaim/debugStatus`` (RFC 9711 §4.2.9); others are never reported.
public enum DebugStatus: UInt8, Sendable {
    /// A debug image.
    case enabled = 0
    case disabledSinceBoot = 2
}

/// The envelope of a report: COSE_Sign1 with ES256 (RFC 9052 §4.2, RFC 9053 §2.1).
public enum ReportEnvelopeFormat {
    public static let tag: UInt64 = 18
    /// `{1: -7}`: the algorithm is ES256 and nothing else is said.
    public static let protectedHeader: InlineArray<3, UInt8> = [0xA1, 0x01, 0x26]
    /// Key of the only unprotected header: SHA-256 of the report key's point.
    public static let keyIdentifierLabel: Int64 = 4
    /// "Signature1", the context of the Sig_structure.
    public static let context: InlineArray<10, UInt8> = [
        0x53, 0x69, 0x67, 0x6E, 0x61, 0x74, 0x75, 0x72, 0x65, 0x31,
    ]
}

/// Protections that the manager reads back from the machine and reports; it assumes none of them.
public enum PostureClaim: UInt8, Sendable {
    /// ESMRAMC.T_EN: TSEG is decoded.
    case tsegEnabled = 0
    /// SMRAM.D_LCK: the SMRAM registers are frozen.
    case smramLocked = 1
    /// SMRAM.D_OPEN is 0: SMRAM is not visible outside SMM.
    case smramClosed = 2
    /// The default SMBASE area at 0x30000 is hidden (Q35 0x9C).
    case defaultSMBASEHidden = 3
    /// The local APIC window does not cover SMRAM (checked on every entry).
    case apicWindowClear = 4
    /// AMD SMM_ADDR/SMM_MASK protect TSEG (by write and read-back).
    case amdTSegMask = 5
    /// AMD HWCR.SMMLOCK.
    case amdSMMLock = 6
    /// INIT waits while a core is in SMM, in its handler and in a guest of it: seen by experiment.
    case initRedirected = 7
    /// SMRR covers SMRAM (cache poisoning).
    case smrr = 8
    /// SMM entry leaves SVM guest mode: a handler sees memory as it is, not as a guest's nested tables show it.
    case smmEntryLeavesGuestMode = 9
    /// Firmware measured itself into PCR 2 and the TPM confirmed it.
    case measuredBoot = 10
    /// The TPM platform hierarchy is closed.
    case platformHierarchyClosed = 11
    /// The ROM carries no insecure option.
    case noInsecureOption = 12
    /// The ROM is a coreboot build, not the stand-in for QEMU.
    case corebootFirmware = 13
    /// The CPU does not say that a hypervisor or emulator runs it.
    case bareMetal = 14
    /// SMM entry drops the translations that code outside SMM left behind.
    case smmEntryFlushesTranslations = 15
    /// SMM entry disables the breakpoints of the code that it interrupts.
    case smmEntryDisablesBreakpoints = 16
    /// RSM drops the translations that SMM left behind.
    case smmExitFlushesTranslations = 17
    /// Restoring one core's FPU state changes no other core. A race: it can be seen, its absence cannot.
    case fpuRestoreIsCoreLocal = 18
    /// Nothing that runs after the payload can replace the firmware's first stage in the flash.
    case firstStageProtected = 19
    /// A reset clears memory. Only the contrary can be seen: memory that still holds what the last boot wrote.
    case memoryClearedAtReset = 20
    /// The save state names the port access that raised an SMI, and every request must have been OUT 0xB2.
    case requestNamesPort = 21
    /// One more than the highest number.
    public static let count = 22

    /// Whether the payload finds it out before it locks SMRAM (``HandoffLayout/postureTried``), since the manager,
    /// whose entry is part of what is tried, cannot.
    public var isFoundAtBoot: Bool {
        switch self {
        case .initRedirected, .smmEntryLeavesGuestMode, .smmEntryFlushesTranslations,
            .smmEntryDisablesBreakpoints, .smmExitFlushesTranslations, .fpuRestoreIsCoreLocal,
            .firstStageProtected, .memoryClearedAtReset:
            true
        default: false
        }
    }

    /// Whether an experiment can show that the protection is there. A race that did not happen may happen tomorrow,
    /// and a mark that is gone may have been wiped by the host.
    public var canBeShown: Bool { self != .fpuRestoreIsCoreLocal && self != .memoryClearedAtReset }
}

/// Value of a posture claim.
public enum PostureValue: UInt8, Sendable {
    case absent = 0
    case present = 1
    case unknown = 2
}

/// A raw ``PostureValue`` for each ``PostureClaim``: as many as ``PostureClaim/count``, which no compiler takes here.
public typealias PostureValues = InlineArray<22, UInt8>

/// Every error that any part of the system can report, in one table.
///
/// The number is stable: it is what the manager returns in RAX, what tools print as `SICE-E0123`, and what
/// `sice-attest explain` takes. Rows are never renumbered; a retired row keeps its number.
public enum ErrorCode: UInt16, Error, Equatable, Sendable {
    // MARK: Commands
    case unknownCommand = 101
    case wrongState = 102
    case invalidArgument = 103
    case noSuchEnvironment = 104
    case tooManyEnvironments = 105
    case environmentBusy = 106
    case bootCommandClosed = 107
    case notInstalled = 108
    case noManager = 109
    case againLater = 110
    // MARK: Host memory
    case addressInSMRAM = 201
    case addressWraps = 202
    case addressOutsideRAM = 203
    case addressMisaligned = 204
    case bufferTooSmall = 205
    // MARK: Image
    case imageTruncated = 301
    case imageBadMagic = 302
    case imageUnsupportedVersion = 303
    case imageUnknownKind = 304
    case imageUnknownFlag = 305
    case imageRegionMisaligned = 306
    case imageRegionOutOfRange = 307
    case imageRegionsOverlap = 308
    case imageWritableAndExecutable = 309
    case imageBadPermissions = 310
    case imageBadEntry = 311
    case imageReservedNotZero = 312
    case imageTooLarge = 313
    case imageOversized = 314
    case imageBadName = 315
    case imageTooManyRegions = 316
    case imageBadStackOrRoot = 317
    case windowNotDeclared = 318
    case windowAlreadyAttached = 319
    case imageUnsorted = 320
    // MARK: Manager
    case managerFault = 501
    case noReportKey = 502
    case noEntropy = 503
    case poolExhausted = 504
    case logEntryGone = 505
    case unknownService = 506
    // MARK: Boot
    case bootSMRAMLocked = 601
    case bootNoSMM = 602
    case bootNoTPM = 603
    case bootNotMeasured = 604
    case bootNoCorebootTable = 605
    case bootNoTSEG = 606
    case bootFileMissing = 607
    case bootBadManagerImage = 608
    case bootBadPayload = 609
    case bootCoreLost = 610
    case bootBadCBFS = 611
    case bootNoACPI = 612
    case bootPostureFailed = 613
    case bootTPMFailed = 614
    case bootPayloadInSMRAM = 615
    case bootPayloadOverlapsFirmware = 616
    case bootPayloadOutsideRAM = 617
    case bootPayloadCompressed = 618
    case bootTooManyCores = 619
    case bootNoMemory = 620
    case bootLogUnusable = 621
    // MARK: Tools: building
    case notAnELF = 701
    case elfTruncated = 702
    case elfWrongMachine = 703
    case elfOverlappingSegments = 704
    case elfWritableAndExecutable = 705
    case elfNoSegments = 706
    case manifestUnreadable = 707
    case manifestUnknownKey = 708
    case manifestOutOfRange = 709
    case manifestMissingKey = 710
    case elfSegmentOutOfRange = 711
    // MARK: Tools: evidence
    case evidenceUnreadable = 801
    case evidenceTruncated = 802
    case evidenceMissingPart = 803
    case evidenceUnknownClaim = 804
    case evidenceMalformedReport = 805
    case evidenceMalformedQuote = 806
    case evidenceMalformedLog = 807
    case evidenceMalformedRuntimeLog = 808
    case nonceMismatch = 810
    case reportSignatureInvalid = 811
    case reportKeyNotVouched = 812
    case quoteSignatureInvalid = 813
    case quoteWrongKey = 814
    case quoteNotBound = 815
    case quotePCRMismatch = 816
    case logReplayMismatch = 817
    case referenceMismatch = 818
    case measurementMismatch = 819
    case debugImage = 820
    case postureRefused = 821
    case runtimeLogMismatch = 822
    case quoteMalformedMagic = 823
    case stateRefused = 824
    case managerMismatch = 825
    case enrollmentFailed = 830
    case endorsementUntrusted = 831
    case enrollmentUnreadable = 832
    case referenceUnreadable = 833
    case policyUnreadable = 834
    // MARK: Tools: environment
    case fileMissing = 901
    case outputFailed = 902
    case programMissing = 903
    case portInUse = 904
    case machineDied = 905
    case machineTimedOut = 906
    case targetUnreachable = 907
    case targetRefused = 908
    case romUnreadable = 909
    case romFileMissing = 910
    case usage = 911
    case noCommunicationArea = 912
    case permissionDenied = 913
    case noTPMDevice = 914
    case tpmCommandFailed = 915
    case workloadFailed = 916
    case crashed = 917
    case internalFailure = 918
}

#if !hasFeature(Embedded)
extension ErrorCode: CaseIterable {}
#endif

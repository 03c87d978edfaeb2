// Names in files and outputs, spelt out: a case that is renamed must not change a format.
#if !hasFeature(Embedded)

extension LifecycleState {
    /// The state's name in policies, verdicts and lists: `runnable`.
    public var name: String {
        switch self {
        case .absent: "absent"
        case .loading: "loading"
        case .sealed: "sealed"
        case .runnable: "runnable"
        case .running: "running"
        case .dead: "dead"
        case .scrubbing: "scrubbing"
        }
    }

    /// The state with this name.
    public init?(name: String) {
        let states = (0...LifecycleState.scrubbing.rawValue).compactMap(LifecycleState.init)
        guard let state = states.first(where: { $0.name == name }) else { return nil }
        self = state
    }
}

extension ExecutionMode {
    /// The mode with this name.
    public init?(name: String) {
        let modes = [ExecutionMode.timeSharing, .multiCore]
        guard let mode = modes.first(where: { "\($0.name)" == name }) else { return nil }
        self = mode
    }
}

extension PostureValue {
    /// The value's name in verdicts: `present`.
    public var name: String {
        switch self {
        case .absent: "absent"
        case .present: "present"
        case .unknown: "unknown"
        }
    }
}

extension PostureClaim {
    /// Every claim, in the order of the table.
    public static var all: [PostureClaim] {
        (0..<UInt8(PostureClaim.count)).compactMap(PostureClaim.init(rawValue:))
    }

    /// The claim with this name.
    public init?(name: String) {
        guard let claim = PostureClaim.all.first(where: { $0.name == name }) else { return nil }
        self = claim
    }

    /// The claim's name in policies and verdicts: `smramLocked`.
    public var name: String {
        switch self {
        case .tsegEnabled: "tsegEnabled"
        case .smramLocked: "smramLocked"
        case .smramClosed: "smramClosed"
        case .defaultSMBASEHidden: "defaultSMBASEHidden"
        case .apicWindowClear: "apicWindowClear"
        case .amdTSegMask: "amdTSegMask"
        case .amdSMMLock: "amdSMMLock"
        case .initRedirected: "initRedirected"
        case .smrr: "smrr"
        case .smmEntryLeavesGuestMode: "smmEntryLeavesGuestMode"
        case .measuredBoot: "measuredBoot"
        case .platformHierarchyClosed: "platformHierarchyClosed"
        case .noInsecureOption: "noInsecureOption"
        case .corebootFirmware: "corebootFirmware"
        case .bareMetal: "bareMetal"
        case .smmEntryFlushesTranslations: "smmEntryFlushesTranslations"
        case .smmEntryDisablesBreakpoints: "smmEntryDisablesBreakpoints"
        case .smmExitFlushesTranslations: "smmExitFlushesTranslations"
        case .fpuRestoreIsCoreLocal: "fpuRestoreIsCoreLocal"
        case .firstStageProtected: "firstStageProtected"
        case .memoryClearedAtReset: "memoryClearedAtReset"
        case .requestNamesPort: "requestNamesPort"
        }
    }
}

#endif

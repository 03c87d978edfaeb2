public import Diagnostics
public import SICEABI
internal import StrictJSON

/// What the verifier demands of a machine beyond its measurements. Schema `sice.policy/1`.
public struct Policy: Equatable, Sendable {
    public static let schema = "sice.policy/1"

    public var name: String
    /// Protections that must be present.
    public var required: Set<PostureClaim>
    /// Protections that may be unknown, but not seen to be missing (``PostureClaim/canBeShown``).
    public var unrefuted: Set<PostureClaim>
    /// Whether debug images are accepted.
    public var allowsDebug: Bool
    /// States of the environment that are accepted.
    public var states: Set<LifecycleState>

    public init(
        name: String, required: Set<PostureClaim>, unrefuted: Set<PostureClaim> = [],
        allowsDebug: Bool = false, states: Set<LifecycleState> = [.runnable, .running]
    ) {
        self.name = name
        self.required = required
        self.unrefuted = unrefuted
        self.allowsDebug = allowsDebug
        self.states = states
    }

    /// For real machines: every protection that can be shown, but for SMRR, which AMD processors have not; there
    /// the TSEG mask guards against poisoned caches. The race of FPU states can only be seen or not. Memory that
    /// outlives a reset is no matter where the first stage is protected: then the payload, which clears SMRAM, is
    /// the first that could look.
    /// The I/O word in the save state (`requestNamesPort`) is architecture there, and the payload installs on no save
    /// state of another layout.
    public static let standard = Policy(
        name: "default",
        required: Set(PostureClaim.all).subtracting([.smrr, .fpuRestoreIsCoreLocal, .memoryClearedAtReset]),
        unrefuted: [.fpuRestoreIsCoreLocal])

    /// For upstream coreboot in QEMU, which lacks what only silicon has. Evidence that this policy affirms says
    /// that the software is right, not that the machine protects it.
    public static let emulated = Policy(
        name: "coreboot-qemu",
        required: standard.required.subtracting([
            .amdTSegMask, .amdSMMLock, .initRedirected, .smmEntryLeavesGuestMode, .bareMetal,
            .smmEntryFlushesTranslations, .smmExitFlushesTranslations,
            .firstStageProtected, .requestNamesPort,
        ]))

    /// For the stand-in ROM in QEMU, which is no coreboot build either.
    public static let standIn = Policy(
        name: "stand-in", required: emulated.required.subtracting([.corebootFirmware]))

    private static let builtIn = [standard, emulated, standIn]

    /// Whether ``init(nameOrPath:)`` takes this for a policy's name, not for a file's.
    public static func isBuiltIn(_ name: String) -> Bool { builtIn.contains { $0.name == name } }

    /// Protections that may be missing.
    public var tolerated: [PostureClaim] {
        PostureClaim.all.filter { !required.contains($0) && !unrefuted.contains($0) }
    }

    /// Whether a report may say this of a protection; nil when it does not mention it, which is as good as absent.
    public func accepts(_ claim: PostureClaim, _ value: PostureValue?) -> Bool {
        value == .present || !required.contains(claim) && (value == .unknown || !unrefuted.contains(claim))
    }

    /// A built-in policy by its name, or one from a file. Throws `policyUnreadable`, `fileMissing`.
    public init(nameOrPath: String) throws(ToolError) {
        if let builtIn = Policy.builtIn.first(where: { $0.name == nameOrPath }) {
            self = builtIn
            return
        }
        try self.init(
            InputFile.read(nameOrPath, limit: 1 << 20, tooLarge: .policyUnreadable), path: nameOrPath)
    }

    /// Parses a policy. Throws `policyUnreadable`.
    public init(_ bytes: [UInt8], path: String) throws(ToolError) {
        var fields = try JSONFields(
            document: bytes, schema: Policy.schema, context: path, errors: .init(.policyUnreadable))
        name = try fields.string("name")
        allowsDebug = try fields.has("allow_debug") ? fields.boolean("allow_debug") : false
        required = Set(try Policy.names(fields.array("required"), path, PostureClaim.init(name:)))
        unrefuted =
            try fields.has("not_absent")
            ? Set(Policy.names(fields.array("not_absent"), path, PostureClaim.init(name:))) : []
        states =
            try fields.has("states")
            ? Set(Policy.names(fields.array("states"), path, LifecycleState.init(name:)))
            : Policy.standard.states
        try fields.finish()
    }

    private static func names<T>(
        _ values: [JSON], _ path: String, _ make: (String) -> T?
    ) throws(ToolError) -> [T] {
        var result: [T] = []
        for value in values {
            guard case .string(let name) = value, let item = make(name) else {
                throw ToolError(.policyUnreadable, "\(path): unknown: \(value.line)")
            }
            result.append(item)
        }
        return result
    }
}

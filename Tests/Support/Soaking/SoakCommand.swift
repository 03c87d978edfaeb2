/// What a soak asks of a legacy host. Environments are named by the identifiers that the host gave them.
public enum SoakCommand: Equatable, Sendable {
    case create(SoakImage)
    /// `sice run` until the workload ends, slice by slice or on a core of its own.
    case run(UInt32, core: Int?)
    /// `sice run` of a Linux guest, which stays behind in the background.
    case serve(UInt32)
    /// A request to ``SoakImage/checksum``.
    case call(UInt32, input: String)
    /// To a core of its own, or to where it gets slices.
    case move(UInt32, core: Int?)
    case stop(UInt32)
    case destroy(UInt32)

    /// The arguments of `sice`.
    public var words: [String] {
        switch self {
        case .create(let image): ["create", image.path]
        case .run(let identifier, let core): ["run", "\(identifier)"] + Self.mode(core)
        case .serve(let identifier): ["run", "\(identifier)"]
        case .call(let identifier, _): ["call", "\(identifier)", "--operation", "1"]
        case .move(let identifier, let core): ["move", "\(identifier)"] + Self.mode(core)
        case .stop(let identifier): ["stop", "\(identifier)"]
        case .destroy(let identifier): ["destroy", "\(identifier)"]
        }
    }

    private static func mode(_ core: Int?) -> [String] {
        guard let core else { return ["--mode", "time-sharing"] }
        return ["--mode", "multi-core", "--core", "\(core)"]
    }
}

/// Where a guest runs, and what `sice move` and `sice stop` ask for.
public enum GuestPlace: Equatable, Sendable {
    /// Time-sharing mode.
    case sharedCore
    /// Multi-core mode, on the CPU with this number of the host's Linux.
    case ownCore(Int)
    /// It stands still, its devices with it.
    case nowhere

    /// The request as a line of the control socket, without its line end.
    public var request: String {
        switch self {
        case .sharedCore: "time-sharing"
        case .ownCore(let core): "multi-core \(core)"
        case .nowhere: "stop"
        }
    }

    /// Parses a line without its line end; nil for anything that ``request`` does not write.
    public init?(request line: String) {
        let number = line.split(separator: " ").last.flatMap { Int($0) }
        let places: [GuestPlace] = [.sharedCore, .nowhere, .ownCore(max(number ?? 0, 0))]
        guard let place = places.first(where: { $0.request == line }) else { return nil }
        self = place
    }
}

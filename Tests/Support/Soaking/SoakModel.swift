public import SICEABI

/// The environments as they must be, without a machine: what each command must answer, and what becomes of whom.
public struct SoakModel: Equatable, Sendable {
    /// One environment.
    public struct Environment: Equatable, Sendable {
        public let image: SoakImage
        public var isDead = false
        /// The CPU that Linux gave up for it.
        public var core: Int?
        /// What its `sice run` does; nil for one that has none.
        public var service: Service?

        public init(_ image: SoakImage) { self.image = image }

        /// The states that may be seen. A guest that gets slices is seen in one, or between two.
        var states: Set<LifecycleState> {
            if core != nil { return [.running] }
            if service == .serving { return [.runnable, .running] }
            return [isDead ? .dead : .runnable]
        }
    }

    /// What `sice run` does for a Linux guest.
    public enum Service: Equatable, Sendable {
        case serving
        /// It holds the guest since `sice stop`.
        case stopped
    }

    public internal(set) var environments: [UInt32: Environment] = [:]
    /// Who is there, oldest first, which does not depend on the numbers that a machine gives.
    public internal(set) var identifiers: [UInt32] = []
    /// How many guests have room beside each other. Programs always have.
    let mostGuests: Int

    public init(mostGuests: Int) { self.mostGuests = mostGuests }

    var guests: Int { environments.values.count { $0.image == .small } }

    func isTaken(_ core: Int) -> Bool { environments.values.contains { $0.core == core } }
}

/// How a command must end.
public enum SoakExpectation: Hashable, Sendable {
    case success
    /// Success, with the identifier of a new environment.
    case identifier
    /// Success, with these bytes, in hexadecimal.
    case answer(String)
    case error(ErrorCode)
}

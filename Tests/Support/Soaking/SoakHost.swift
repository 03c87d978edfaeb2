public import EvidenceFormat

/// A legacy host with an installed manager, or what stands in for one.
public protocol SoakHost {
    /// Does what a command says, or nothing, and looks at what is there then. Throws when the host gives no answer that
    /// can be read.
    mutating func perform(_ command: SoakCommand?) throws -> SoakObservation
}

/// A command's end, and how things stand behind it.
public struct SoakObservation: Equatable, Sendable {
    /// The exit status.
    public var status: Int
    /// Both streams; of a call that succeeded, the answer's bytes in hexadecimal.
    public var output: String
    public var environments: [EnvironmentListing.Entry]
    /// Pages of the manager's pool that nobody has.
    public var freePages: UInt64

    public init(
        status: Int, output: String, environments: [EnvironmentListing.Entry], freePages: UInt64
    ) {
        self.status = status
        self.output = output
        self.environments = environments
        self.freePages = freePages
    }

    /// Free pages and those of all environments.
    var allPages: UInt64 { environments.reduce(freePages) { $0 &+ $1.pages } }
}

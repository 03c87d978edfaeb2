public import SICEABI

/// What became of a core that got an INIT while it counted in SMM.
public struct InitObservation: Sendable {
    /// Its handler came to its end, which it could not do before it had got the INIT.
    public var isDone = false
    /// A start-up interrupt woke it afterwards, as it does only a core that took an INIT.
    public var wasReset = false

    public init() {}

    /// ``PostureClaim/initRedirected``. A core that was reset and never left its handler was thrown out of SMM. One that left took
    /// its INIT afterwards; without that, nobody knows whether there was one.
    public var value: PostureValue {
        guard wasReset else { return .unknown }
        return isDone ? .present : .absent
    }
}

public import SICEABI

/// What became of a core that got an INIT while it counted in SMM.
public struct InitObservation: Sendable {
    /// It counted on after the INIT.
    public var countedOn = false
    /// Its handler came to its end when it was let go.
    public var isDone = false
    /// A start-up interrupt woke it afterwards, as it does only a core that took an INIT.
    public var wasReset = false
    /// VM_CR.R_INIT, which makes INIT an exception that a hypervisor can hold off (APM volume 2, §15.30.1).
    public var isRedirected = false

    public init() {}

    /// ``PostureClaim/initRedirected``. A core that was reset and never left its handler was thrown out of SMM. One
    /// that held the INIT off proves little without R_INIT: the manager's guests run in SMM, where it may not be held.
    public var value: PostureValue {
        if wasReset, !isDone { return .absent }
        return isDone && countedOn && isRedirected ? .present : .unknown
    }
}

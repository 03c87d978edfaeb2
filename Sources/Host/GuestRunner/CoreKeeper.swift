public import Diagnostics

/// What the host has to do with its own CPUs around a guest.
public protocol CoreKeeper {
    /// Takes a CPU from the host and launches the environment on it. After an error the host has it back.
    func launch(_ environment: UInt32, on core: Int) throws(ToolError)
    /// Stops the environment and gives its CPU back. Throws `coreBusy`, `coreNotMoved`.
    func takeBack(_ environment: UInt32) throws(ToolError)
    /// Keeps the calling thread on one CPU, for slices in time-sharing mode.
    func stayOnOneCore() throws(ToolError)
    /// Takes that back.
    func useAnyCore()
    /// Whether a CPU that was taken from the host still is the guest's: the host may bring it back by force.
    func owner(of core: Int) -> CoreOwner
}

/// Whose a CPU is that the host gave away.
public enum CoreOwner: Equatable, Sendable {
    case guest
    /// The host starts it. It must not be sent a signal now, which could hit it before it knows what to do with one.
    case changing
    case host
}

/// What the caller of a guest that runs beside it wants.
public enum Attention: Equatable, Sendable {
    case none
    /// The time that it asked for has come.
    case time
    /// Somebody outside, or the guest's network, has something; more often follows soon.
    case input
}

public import DeviceModel
public import Diagnostics

/// What the process around a guest has to provide: time, and the far ends of the guest's console, of its network and of
/// those who want it elsewhere.
public typealias GuestSurroundings = SliceClock & ConsoleLink & ControlLink & NetworkLink

/// The guest's time, and what ends its slices.
public protocol SliceClock {
    /// Nanoseconds since the guest was switched on.
    mutating func now() -> UInt64
    /// Makes a host interrupt end the guest's slice at this time; nil takes that back.
    mutating func endSlice(at time: UInt64?)
    /// Returns when bytes for the guest's console or packets for its network are there, or at this time.
    mutating func sleep(until time: UInt64?)
}

/// The guest's console.
public protocol ConsoleLink {
    /// Bytes for it, at most `limit`, without waiting.
    mutating func input(limit: Int) -> [UInt8]
    /// What the guest wrote to it.
    mutating func output(_ bytes: [UInt8])
    /// The size of the terminal there, if it is another than it was.
    mutating func newWindowSize() -> WindowSize?
}

/// Those who want the guest elsewhere.
public protocol ControlLink {
    /// Where somebody wants the guest to run from now on; each request comes once, and ``answer(_:)`` follows.
    mutating func request() -> GuestPlace?
    /// Tells who asked what came of it; nil: done.
    mutating func answer(_ error: ToolError?)
    /// Returns when there may be a request, or after a moment.
    mutating func waitForRequest()
}

/// The guest's network.
public protocol NetworkLink {
    /// Moves packets both ways.
    mutating func moveNetwork() -> NetworkNews
}

/// What the guest has to know of its network.
public enum NetworkNews: Equatable, Sendable {
    case nothing
    /// Packets wait for it; it looks for them by itself.
    case packets
    /// Packets wait for it, and it sleeps.
    case ring
}

extension ConsoleLink {
    /// No terminal.
    public mutating func newWindowSize() -> WindowSize? { nil }
}

extension NetworkLink {
    /// A guest without a network.
    public mutating func moveNetwork() -> NetworkNews { .nothing }
}

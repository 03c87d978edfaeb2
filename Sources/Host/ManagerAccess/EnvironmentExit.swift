internal import SICEABI

/// Why an environment gave its core back, with all that the host may know of it (``SICEABI/ExitReason``).
public enum EnvironmentExit: Equatable, Sendable {
    case yield(UInt64)
    case hostInterrupt
    case exited(UInt64)
    case crashed(code: UInt64, address: UInt64)
    case portRead(port: UInt16, width: Int)
    case portWrite(port: UInt16, width: Int, value: UInt32)
    case halted(canWake: Bool)
    case doorbell(UInt64)

    /// Nil when the numbers are no exit: the manager is of another version.
    public init?(_ reason: UInt64, _ first: UInt64, _ second: UInt64) {
        let (port, width) = (UInt16(truncatingIfNeeded: first), Int(first >> 16 & 7))
        switch ExitReason(rawValue: reason) {
        case .yield: self = .yield(first)
        case .hostInterrupt: self = .hostInterrupt
        case .exited: self = .exited(first)
        case .crashed: self = .crashed(code: first, address: second)
        case .portRead: self = .portRead(port: port, width: width)
        case .portWrite:
            self = .portWrite(port: port, width: width, value: UInt32(truncatingIfNeeded: second))
        case .halted: self = .halted(canWake: second == 1)
        case .doorbell: self = .doorbell(first)
        case nil: return nil
        }
    }

    /// The environment is dead.
    public var isEnd: Bool {
        switch self {
        case .exited, .crashed: true
        default: false
        }
    }
}

/// A slice of an environment's time.
public struct Slice: Equatable, Sendable {
    public let exit: EnvironmentExit
    /// A Linux guest has not taken its interrupt yet.
    public let interruptPending: Bool
    /// What a Linux guest did to its interrupt controllers without an exit, ``SICEABI/ControllerWord``; 0 for nothing.
    public let controllers: UInt64

    public init(exit: EnvironmentExit, interruptPending: Bool, controllers: UInt64 = 0) {
        self.exit = exit
        self.interruptPending = interruptPending
        self.controllers = controllers
    }
}

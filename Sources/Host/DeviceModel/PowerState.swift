/// What the guest wants of its machine's power.
public enum PowerState: Equatable, Sendable {
    case on
    /// It asked for a reset: by the keyboard controller (0xFE to port 0x64) or the reset control register (0xCF9).
    case reset
    /// It wrote this byte to ``DeviceBoard/powerOffPort``.
    case off(UInt8)
}

/// Width of a port access.
public enum PortWidth: Int, Sendable {
    case byte = 1
    case word = 2
    case doubleWord = 4
}

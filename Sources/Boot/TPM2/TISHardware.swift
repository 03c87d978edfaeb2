/// The registers of a TPM's FIFO interface and a clock to wait with.
public protocol TISHardware: ~Copyable {
    /// Reads the 8-bit register at an offset of the TPM's register window.
    mutating func read8(_ offset: UInt32) -> UInt8
    /// Reads a 32-bit register.
    mutating func read32(_ offset: UInt32) -> UInt32
    /// Writes an 8-bit register.
    mutating func write8(_ offset: UInt32, _ value: UInt8)
    /// Waits about ``TISRegister/pollInterval`` microseconds.
    mutating func waitInterval()
}

/// Registers of locality 0 (TCG PC Client Platform TPM Profile 1.05, §6.5.2).
public enum TISRegister {
    /// Where the window of locality 0 starts on a PC.
    public static let windowBase: UInt64 = 0xFED4_0000
    public static let access: UInt32 = 0x00
    public static let status: UInt32 = 0x18
    public static let fifo: UInt32 = 0x24
    public static let vendor: UInt32 = 0xF00
    /// Microseconds between two looks at a register.
    public static let pollInterval = 10
}

/// Bits of the access register (§6.5.2.4).
enum AccessBit {
    static let valid: UInt8 = 0x80
    static let active: UInt8 = 0x20
    static let request: UInt8 = 0x02
}

/// Bits of the status register (§6.5.2.5).
enum StatusBit {
    static let valid: UInt8 = 0x80
    static let commandReady: UInt8 = 0x40
    static let go: UInt8 = 0x20
    static let dataAvailable: UInt8 = 0x10
    static let expect: UInt8 = 0x08
}

/// Longest waits in microseconds (§6.5.1.3), the last one for the longest command that firmware sends.
enum Timeout {
    static let access = 750_000
    static let ready = 2_000_000
    static let burst = 750_000
    static let status = 2_000_000
    static let command = 20_000_000
}

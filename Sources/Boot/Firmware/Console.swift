internal import CFirmware

/// The serial console of the bare programs: COM1 or another 16550.
public struct Console: Sendable {
    /// I/O base of the UART.
    public let port: UInt16

    /// The firmware console, COM1.
    public static let main = Console(port: 0x3F8)

    /// A console on the UART at `port`; ``start()`` sets its line up.
    public init(port: UInt16) {
        self.port = port
    }

    /// Sets the line up: 115200 baud, 8N1.
    public func start() {
        sice_serial_init(port)
    }

    /// Writes constant text.
    public func write(_ text: StaticString) {
        let bytes = text.bytes
        for index in 0..<bytes.count { write(byte: bytes[index]) }
    }

    /// Writes one byte as it is.
    public func write(byte: UInt8) {
        sice_serial_put(port, byte)
    }

    /// Writes text that may come from outside: anything but printable ASCII shows as a dot, a NUL ends it.
    public func write(untrusted text: Span<UInt8>) {
        for index in 0..<text.count {
            let byte = text[index]
            guard byte != 0 else { return }
            write(byte: byte >= 0x20 && byte < 0x7F ? byte : 0x2E)
        }
    }

    /// Writes a number in decimal.
    public func write(decimal value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            write(byte: 0x30 + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// Writes a number in hexadecimal, without prefix, `digits` digits wide.
    public func write(hex value: UInt64, digits: Int = 1) {
        var shift = 60
        while shift > 0, shift >= digits * 4, value >> UInt64(shift) == 0 { shift -= 4 }
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 15)
            write(byte: digit < 10 ? 0x30 + digit : 0x57 + digit)
            shift -= 4
        }
    }

    /// Ends the line.
    public func endLine() {
        write("\r\n")
    }
}

/// The size of the terminal at the far end of the guest's console, in characters.
///
/// A serial line has no size. So the board shows it in two 16-bit registers (rows, then columns; 0: nobody told), at a port
/// where a PC has nothing, and rings: the serial port's ring indicator pulses after each change. A program in the guest
/// waits for that (Linux: TIOCMIWAIT) and sets its terminal's size; a guest without one notices nothing.
public struct WindowSize: Equatable, Sendable {
    public var rows: UInt16
    public var columns: UInt16

    public init(rows: UInt16, columns: UInt16) {
        self.rows = rows
        self.columns = columns
    }

    /// Where the registers begin.
    public static let port: UInt16 = 0x5E0

    /// A byte of the registers, little-endian.
    func byte(_ offset: UInt16) -> UInt8 {
        let register = offset < 2 ? rows : columns
        return UInt8(truncatingIfNeeded: register >> (offset % 2 * 8))
    }
}

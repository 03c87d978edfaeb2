/// The ACPI power-management timer: 3.579545 MHz, at least 24 bits (ACPI 6.5 §4.8.2.1).
public enum PowerManagementTimer {
    /// The longest time in microseconds that one look at 24 bits can tell: they go round after 4.68 s.
    public static let longestWait: UInt32 = 4_000_000

    private static let frequency: UInt64 = 3_579_545

    /// Whole ticks that a time takes at least; at most those of ``longestWait``.
    public static func ticks(microseconds: UInt32) -> UInt32 {
        let time = UInt64(min(microseconds, longestWait))
        return UInt32(truncatingIfNeeded: time * frequency / 1_000_000 + 1)
    }

    /// Ticks between two counts that are less than a round apart.
    public static func ticks(from start: UInt32, to now: UInt32) -> UInt32 { (now &- start) & 0xFF_FFFF }
}

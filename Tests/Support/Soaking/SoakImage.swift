/// The workloads of a soak, by the names in their images.
public enum SoakImage: String, CaseIterable, Sendable {
    /// Ends at once, after it gave its core back a few times.
    case bell
    /// Computes, and ends.
    case steady
    /// Answers calls with a CRC-32, and never ends.
    case checksum
    /// A Linux guest.
    case small

    /// On the disk `tests/linux-guest.iso`.
    public var path: String { self == .checksum ? "/images/checksum.image" : "/tests/\(rawValue).image" }

    /// Whether `sice run` comes to an end by itself.
    var ends: Bool { self == .bell || self == .steady }
}

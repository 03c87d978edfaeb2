/// Why bytes are not the deterministic CBOR that was asked for.
public enum CBORError: Error, Equatable, Sendable {
    /// The bytes end before the value does, or a length says more than there is.
    case truncated
    /// The next item has another major type.
    case wrongType
    /// An argument has a longer encoding than it needs.
    case notShortest
    /// An indefinite length or a reserved form.
    case indefinite
    /// A map key comes before or equals the one before it.
    case notSorted
    /// An integer does not fit.
    case outOfRange
    /// Bytes follow the value.
    case trailingBytes
}

extension Span where Element == UInt8 {
    /// The little-endian integer at a fixed offset of a structure whose length was checked already; 0 when it
    /// lies outside, so that no input can trap.
    public func littleEndian<T: FixedWidthInteger & UnsignedInteger>(at offset: Int, as _: T.Type) -> T {
        var value: T = 0
        guard offset >= 0, offset + T.bitWidth / 8 <= count else { return value }
        for index in 0..<(T.bitWidth / 8) {
            value |= T(truncatingIfNeeded: self[offset + index]) << T(truncatingIfNeeded: index * 8)
        }
        return value
    }

    /// Whether every byte is zero.
    public var isAllZero: Bool {
        for index in 0..<count where self[index] != 0 { return false }
        return true
    }
}

extension MutableSpan where Element == UInt8 {
    /// Stores a little-endian integer at a fixed offset; outside the span it does nothing.
    @_lifetime(self: copy self)
    public mutating func storeLittleEndian<T: FixedWidthInteger & UnsignedInteger>(_ value: T, at offset: Int)
    {
        guard offset >= 0, offset + T.bitWidth / 8 <= count else { return }
        for index in 0..<(T.bitWidth / 8) {
            self[offset + index] = UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: index * 8))
        }
    }
}

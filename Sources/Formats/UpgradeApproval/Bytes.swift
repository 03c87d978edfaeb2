import ByteIO

extension InlineArray where Element == UInt8 {
    var isZero: Bool { span.isAllZero }

    /// All that is compared here is public, so that time may tell where it differs.
    func isEqual(to other: Self) -> Bool {
        for index in 0..<count where self[index] != other[index] { return false }
        return true
    }
}

extension Span where Element == UInt8 {
    /// The 32 bytes at a place that the caller knows to be within.
    func digest(at place: Int) -> InlineArray<32, UInt8> { InlineArray { index in self[place + index] } }
}

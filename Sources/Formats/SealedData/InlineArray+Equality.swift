extension InlineArray where Element == UInt8 {
    /// In constant time: how much of a proof or a tag is right tells how to forge it.
    public func isEqual(to other: Self) -> Bool {
        var difference: UInt8 = 0
        for index in 0..<Self.count { difference |= self[index] ^ other[index] }
        return difference == 0
    }
}

extension Array where Element == UInt8 {
    /// A copy of the bytes.
    public init(_ span: Span<UInt8>) {
        self = []
        reserveCapacity(span.count)
        for index in span.indices { append(span[index]) }
    }
}

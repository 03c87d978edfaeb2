extension Array where Element == UInt8 {
    /// A copy of the bytes.
    init(_ span: Span<UInt8>) {
        self = []
        reserveCapacity(span.count)
        for index in span.indices { append(span[index]) }
    }
}

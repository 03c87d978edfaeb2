public import Diagnostics

/// Bytes that arrive bit by bit: a file, a pipe, a request's body.
public protocol ByteSource {
    /// Up to `count` bytes, fewer only at the end; none when nothing is left.
    mutating func next(_ count: Int) throws(ToolError) -> [UInt8]
}

/// Bytes that are there already.
public struct ArraySource: ByteSource {
    private var rest: ArraySlice<UInt8>

    public init(_ bytes: [UInt8]) { rest = bytes[...] }

    public mutating func next(_ count: Int) -> [UInt8] {
        let piece = rest.prefix(count)
        rest = rest.dropFirst(count)
        return Array(piece)
    }
}

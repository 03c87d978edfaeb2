public import SICEABI

/// What stands before the ciphertext of a record, 32 bytes: header, tag. Its number is not in it: a record is
/// the next one, or refused. Of the header, nothing is believed: length and kind go into what the tag is of.
public struct ChannelRecord: Sendable {
    /// Nothing follows in this direction.
    public var isLast: Bool
    /// Bytes of ciphertext, as many as of plaintext.
    public var length: Int
    public var tag: InlineArray<16, UInt8>

    public static let size = 32
    /// Bytes of the longest plaintext, which may also be empty: with this head it fits in 4,128 bytes of a
    /// window.
    public static let maximumLength = 4096

    /// The length is one that was checked.
    init(isLast: Bool, length: Int, tag: InlineArray<16, UInt8>) {
        (self.isLast, self.length, self.tag) = (isLast, length, tag)
    }

    /// Throws `channelMalformed` for anything else, and for a length over ``maximumLength``.
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        let header = try ChannelHeader(bytes, size: Self.size)
        guard header.kind == .record || header.kind == .lastRecord, header.length <= Self.maximumLength
        else { throw .channelMalformed }
        isLast = header.kind == .lastRecord
        length = Int(header.length)
        tag = InlineArray { index in bytes[16 + index] }
    }

    public var encoded: InlineArray<32, UInt8> {
        var bytes = InlineArray<32, UInt8>(repeating: 0)
        var message = bytes.mutableSpan
        ChannelHeader(isLast ? .lastRecord : .record, length: UInt32(truncatingIfNeeded: length))
            .store(in: &message)
        for index in 0..<16 { message[16 + index] = tag[index] }
        return bytes
    }
}

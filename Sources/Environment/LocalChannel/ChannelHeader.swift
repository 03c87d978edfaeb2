import ByteIO
import SICEABI

/// The first 16 bytes of each message, little-endian: magic, kind (u32), bytes of ciphertext behind the
/// message (u32; 0 in those of a handshake).
struct ChannelHeader {
    enum Kind: UInt32 {
        case hello = 1
        case answer = 2
        case finish = 3
        case record = 4
        case lastRecord = 5
    }

    let kind: Kind
    let length: UInt32

    static let size = 16
    /// ASCII "SICECHA1".
    private static let magic: UInt64 = 0x3141_4843_4543_4953

    init(_ kind: Kind, length: UInt32 = 0) {
        (self.kind, self.length) = (kind, length)
    }

    /// Throws `channelMalformed` for what is no message, or not of this size.
    init(_ bytes: Span<UInt8>, size: Int) throws(ErrorCode) {
        guard bytes.count == size, bytes.littleEndian(at: 0, as: UInt64.self) == Self.magic,
            let kind = Kind(rawValue: bytes.littleEndian(at: 8, as: UInt32.self))
        else { throw .channelMalformed }
        self.kind = kind
        length = bytes.littleEndian(at: 12, as: UInt32.self)
    }

    /// Throws `channelMalformed` unless the bytes are this message of a handshake.
    static func check(_ bytes: Span<UInt8>, is kind: Kind, size: Int) throws(ErrorCode) {
        let header = try ChannelHeader(bytes, size: size)
        guard header.kind == kind, header.length == 0 else { throw .channelMalformed }
    }

    func store(in message: inout MutableSpan<UInt8>) {
        message.storeLittleEndian(Self.magic, at: 0)
        message.storeLittleEndian(kind.rawValue, at: 8)
        message.storeLittleEndian(length, at: 12)
    }
}

extension Span where Element == UInt8 {
    /// 32 bytes at a place of a message whose size was checked.
    func block(at place: Int) -> InlineArray<32, UInt8> {
        InlineArray { index in self[place + index] }
    }
}

extension MutableSpan where Element == UInt8 {
    mutating func store(_ block: InlineArray<32, UInt8>, at place: Int) {
        for index in 0..<32 { self[place + index] = block[index] }
    }
}

public import SICEABI

/// First message, 48 bytes: header, the initiator's nonce. Nothing in it is proven.
public struct ChannelHello: Sendable {
    public var nonce: InlineArray<32, UInt8>

    public static let size = 48

    public init(nonce: InlineArray<32, UInt8>) { self.nonce = nonce }

    /// Throws `channelMalformed` for anything else.
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        try ChannelHeader.check(bytes, is: .hello, size: Self.size)
        nonce = bytes.block(at: 16)
    }

    public var encoded: InlineArray<48, UInt8> {
        var bytes = InlineArray<48, UInt8>(repeating: 0)
        var message = bytes.mutableSpan
        ChannelHeader(.hello).store(in: &message)
        message.store(nonce, at: 16)
        return bytes
    }
}

/// Second message, 80 bytes: header, the responder's nonce, its proof.
public struct ChannelAnswer: Sendable {
    public var nonce: InlineArray<32, UInt8>
    public var proof: InlineArray<32, UInt8>

    public static let size = 80

    public init(nonce: InlineArray<32, UInt8>, proof: InlineArray<32, UInt8>) {
        (self.nonce, self.proof) = (nonce, proof)
    }

    /// Throws `channelMalformed` for anything else.
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        try ChannelHeader.check(bytes, is: .answer, size: Self.size)
        nonce = bytes.block(at: 16)
        proof = bytes.block(at: 48)
    }

    public var encoded: InlineArray<80, UInt8> {
        var bytes = InlineArray<80, UInt8>(repeating: 0)
        var message = bytes.mutableSpan
        ChannelHeader(.answer).store(in: &message)
        message.store(nonce, at: 16)
        message.store(proof, at: 48)
        return bytes
    }
}

/// Third message, 48 bytes: header, the initiator's proof.
public struct ChannelFinish: Sendable {
    public var proof: InlineArray<32, UInt8>

    public static let size = 48

    public init(proof: InlineArray<32, UInt8>) { self.proof = proof }

    /// Throws `channelMalformed` for anything else.
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        try ChannelHeader.check(bytes, is: .finish, size: Self.size)
        proof = bytes.block(at: 16)
    }

    public var encoded: InlineArray<48, UInt8> {
        var bytes = InlineArray<48, UInt8>(repeating: 0)
        var message = bytes.mutableSpan
        ChannelHeader(.finish).store(in: &message)
        message.store(proof, at: 16)
        return bytes
    }
}

import LocalChannel
import SICEABI
import SealedData

/// One end of a channel, with arrays in place of spans.
final class ChannelEnd {
    private var channel: LocalChannel<ForgetfulCipher>

    init(
        _ role: ChannelRole, _ parties: ChannelParties = Programs.parties(),
        keys: ChannelKeys? = nil, nonce: UInt8, forgets: ForgetfulCipher.Part? = nil
    ) throws(ErrorCode) {
        channel = try LocalChannel(
            role, of: parties, keys: keys ?? Programs.keys(of: parties), nonce: .init(repeating: nonce),
            cipher: ForgetfulCipher(forgets: forgets))
    }

    var isOpen: Bool { channel.isOpen }
    var isComplete: Bool { channel.isComplete }

    func hello() throws(ErrorCode) -> [UInt8] { try channel.hello().array }
    func answer(_ hello: [UInt8]) throws(ErrorCode) -> [UInt8] { try channel.answer(hello.span).array }
    func finish(_ answer: [UInt8]) throws(ErrorCode) -> [UInt8] { try channel.finish(answer.span).array }
    func accept(_ finish: [UInt8]) throws(ErrorCode) { try channel.accept(finish.span) }

    /// A record, with what stands before it.
    func seal(_ text: [UInt8], isLast: Bool = false) throws(ErrorCode) -> [UInt8] {
        var text = text
        var span = text.mutableSpan
        let head = try channel.seal(&span, isLast: isLast)
        return head.array + text
    }

    /// The text; zeros of the same number when it is refused are in ``refused``.
    func open(_ record: [UInt8]) throws(ErrorCode) -> [UInt8] {
        let head = Array(record.prefix(ChannelRecord.size))
        var text = Array(record.dropFirst(ChannelRecord.size))
        defer { refused = text }
        var span = text.mutableSpan
        try channel.open(&span, head: head.span)
        return text
    }

    private(set) var refused: [UInt8] = []

    /// Two ends that have shaken hands, the initiator first.
    static func pair(nonces: (UInt8, UInt8) = (1, 2)) throws(ErrorCode) -> (ChannelEnd, ChannelEnd) {
        let one = try ChannelEnd(.initiator, nonce: nonces.0)
        let other = try ChannelEnd(.responder, nonce: nonces.1)
        try other.accept(one.finish(other.answer(one.hello())))
        return (one, other)
    }
}

/// Two programs of one machine, by their measurements, and the keys that its manager gives them.
enum Programs {
    static func side(_ program: UInt8) -> SealedDataSide {
        SealedDataSide(name: SealSide.measurement, product: 0, digest: .init(repeating: program))
    }

    static func parties(_ initiator: UInt8 = 0xA, _ responder: UInt8 = 0xB, label: UInt64 = 7)
        -> ChannelParties
    {
        ChannelParties(initiator: side(initiator), responder: side(responder), label: label)
    }

    /// As of a root: another sealer, another target, another key. The label is not in it, so that only the
    /// handshake tells channels of two labels apart.
    static func keys(of parties: ChannelParties, machine: UInt8 = 0) -> ChannelKeys {
        let (one, other) = (parties.initiator.digest[0], parties.responder.digest[0])
        return ChannelKeys(
            ofInitiator: key(sealer: one, target: other, machine),
            ofResponder: key(sealer: other, target: one, machine))
    }

    static func key(sealer: UInt8, target: UInt8, _ machine: UInt8 = 0) -> InlineArray<32, UInt8> {
        InlineArray { index in [sealer, target, machine, UInt8(index)][index % 4] }
    }
}

extension InlineArray where Element == UInt8 {
    var array: [UInt8] { indices.map { self[$0] } }
}

extension [UInt8] {
    /// All that one changed bit makes of it.
    var flips: [(bit: Int, bytes: [UInt8])] {
        (0..<count * 8).map { bit in
            var bytes = self
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            return (bit, bytes)
        }
    }
}

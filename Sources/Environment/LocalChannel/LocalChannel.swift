public import SICEABI
public import SealedData

/// One end of a channel between two environments of one machine. The host carries the messages and may do
/// with them what it likes; it can keep the two from talking, and that is all.
///
/// The model is AKEP2 (Bellare and Rogaway, CRYPTO 1993; three-pass authentication of ISO/IEC 9798-4): both
/// have the same keys before, each sends a fresh nonce and proves by a code over its role, both nonces, both
/// names and the label that it has them. The keys are those that the manager gives to a sealer and its
/// target, one for either direction: who has both is one of the two programs, on this machine. Record keys
/// are made of the same (``HandshakeKeys``). There is no forward secrecy: who learns both sealing keys later
/// can read what was recorded.
///
/// The initiator sends ``hello()``, the responder ``answer(_:)``, the initiator ``finish(_:)``, and when the
/// responder took that (``accept(_:)``), either end sends records. Only the responder's first record tells
/// the initiator that its proof arrived. Messages are private copies (invariant I1), never the window itself.
/// It cannot be copied: two copies would use one nonce for two records.
public struct LocalChannel<Cipher: SealedDataCipher>: ~Copyable {
    enum State { case initiator, responder, helloSent, answerSent, open, over }

    var cipher: Cipher
    var state: State
    var sending = RecordKey.over
    var receiving = RecordKey.over
    /// The last record of the other end came: what it sent is whole. Whatever came before may have been cut
    /// by the host.
    public internal(set) var isComplete = false

    private let parties: ChannelParties
    private var keys: ChannelKeys
    private let nonce: InlineArray<32, UInt8>
    /// What the initiator must say.
    private var expectedProof = InlineArray<32, UInt8>(repeating: 0)

    /// `nonce` is random and used for this channel only. Throws `channelRefused` for two sides of one name or
    /// two keys that are one, with which a program could not tell the other's words from its own, and for a
    /// nonce of zeros, which is none.
    public init(
        _ role: ChannelRole, of parties: ChannelParties, keys: ChannelKeys, nonce: InlineArray<32, UInt8>,
        cipher: Cipher
    ) throws(ErrorCode) {
        guard parties.initiator != parties.responder, keys.areDifferent,
            !nonce.isEqual(to: .init(repeating: 0))
        else { throw .channelRefused }
        (self.parties, self.keys, self.nonce, self.cipher) = (parties, keys, nonce, cipher)
        state = role == .initiator ? .initiator : .responder
    }

    /// Records can be sent and received: the other end has proven who it is.
    public var isOpen: Bool { state == .open }

    /// First message. Throws `channelMalformed` to a responder, and the second time.
    public mutating func hello() throws(ErrorCode) -> InlineArray<48, UInt8> {
        guard state == .initiator else { throw .channelMalformed }
        state = .helloSent
        return ChannelHello(nonce: nonce).encoded
    }

    /// Second message, for the first. Throws `channelMalformed` for another message, which ends the channel,
    /// and when it is not its turn, which changes nothing.
    public mutating func answer(_ hello: Span<UInt8>) throws(ErrorCode) -> InlineArray<80, UInt8> {
        try take(.responder)
        defer { eraseIfOver() }
        let hello = try ChannelHello(hello)
        let made = makeKeys(initiatorsNonce: hello.nonce, respondersNonce: nonce)
        expectedProof = made.initiatorsProof
        (sending, receiving) = (RecordKey(made.respondersRecords), RecordKey(made.initiatorsRecords))
        state = .answerSent
        return ChannelAnswer(nonce: nonce, proof: made.respondersProof).encoded
    }

    /// Third message, for the second; the channel is open. Throws as ``answer(_:)``, and `channelRefused`
    /// when the proof is not the responder's for this handshake.
    public mutating func finish(_ answer: Span<UInt8>) throws(ErrorCode) -> InlineArray<48, UInt8> {
        try take(.helloSent)
        defer { eraseIfOver() }
        let answer = try ChannelAnswer(answer)
        let made = makeKeys(initiatorsNonce: nonce, respondersNonce: answer.nonce)
        guard answer.proof.isEqual(to: made.respondersProof) else { throw .channelRefused }
        (sending, receiving) = (RecordKey(made.initiatorsRecords), RecordKey(made.respondersRecords))
        state = .open
        return ChannelFinish(proof: made.initiatorsProof).encoded
    }

    /// Takes the third message; the channel is open. Throws as ``finish(_:)``.
    public mutating func accept(_ finish: Span<UInt8>) throws(ErrorCode) {
        try take(.answerSent)
        defer { eraseIfOver() }
        let finish = try ChannelFinish(finish)
        guard finish.proof.isEqual(to: expectedProof) else { throw .channelRefused }
        state = .open
    }

    /// Until the message proved right, it is the end.
    private mutating func take(_ expected: State) throws(ErrorCode) {
        guard state == expected else { throw .channelMalformed }
        state = .over
    }

    private mutating func makeKeys(
        initiatorsNonce: InlineArray<32, UInt8>, respondersNonce: InlineArray<32, UInt8>
    ) -> HandshakeKeys {
        let transcript = HandshakeTranscript(
            parties: parties, initiatorsNonce: initiatorsNonce, respondersNonce: respondersNonce)
        let made = HandshakeKeys(transcript, keys, &cipher)
        keys.erase()
        return made
    }

    mutating func eraseIfOver() {
        guard state == .over else { return }
        keys.erase()
        expectedProof = .init(repeating: 0)
        sending.end()
        receiving.end()
    }
}

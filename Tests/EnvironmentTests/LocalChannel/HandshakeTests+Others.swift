import LocalChannel
import SICEABI
import SealedData
import Testing

/// The messages of others, or of another day.
extension HandshakeTests {
    @Test func reject_messagesOfAnotherHandshake() throws {
        let old = try ChannelEnd(.initiator, nonce: 1)
        let oldAnswer = try ChannelEnd(.responder, nonce: 2).answer(old.hello())
        let oldFinish = try old.finish(oldAnswer)

        let one = try ChannelEnd(.initiator, nonce: 3)
        let hello = try one.hello()
        #expect(code(one) { () throws(ErrorCode) in _ = try one.finish(oldAnswer) } == .channelRefused)
        // The old initiator's words, to a responder of today.
        for first in [ChannelHello(nonce: .init(repeating: 1)).encoded.array, hello] {
            let other = try ChannelEnd(.responder, nonce: 4)
            _ = try other.answer(first)
            let error = code(other) { () throws(ErrorCode) in try other.accept(oldFinish) }
            #expect(error == .channelRefused)
        }
    }

    /// Whom an end expects differs, or what it is for, or which machine they are on.
    @Test(
        arguments: [
            (Programs.parties(0xC, 0xB), 0), (Programs.parties(0xA, 0xC), 0), (Programs.parties(0xB, 0xA), 0),
            (Programs.parties(label: 8), 0), (Programs.parties(), 1),
        ] as [(ChannelParties, UInt8)])
    func reject_anotherPairLabelOrMachine(_ parties: ChannelParties, _ machine: UInt8) throws {
        let keys = Programs.keys(of: parties, machine: machine)
        let one = try ChannelEnd(.initiator, nonce: 1)
        let stranger = try ChannelEnd(.responder, parties, keys: keys, nonce: 2)
        let answer = try stranger.answer(one.hello())
        #expect(code(one) { () throws(ErrorCode) in _ = try one.finish(answer) } == .channelRefused)

        let other = try ChannelEnd(.responder, nonce: 2)
        let caller = try ChannelEnd(.initiator, parties, keys: keys, nonce: 1)
        let second = try ChannelEnd(.responder, parties, keys: keys, nonce: 2)
        let hello = try caller.hello()
        let finish = try caller.finish(second.answer(hello))
        _ = try other.answer(hello)
        #expect(code(other) { () throws(ErrorCode) in try other.accept(finish) } == .channelRefused)
    }

    /// Names alone, with the right keys: the same program by another name.
    @Test func reject_anotherNameWithTheSameKeys() throws {
        var parties = Programs.parties()
        let keys = Programs.keys(of: parties)
        parties.responder.name = SealSide.measurement | 1 << 32
        let one = try ChannelEnd(.initiator, nonce: 1)
        let answer = try ChannelEnd(.responder, parties, keys: keys, nonce: 2).answer(one.hello())
        #expect(code(one) { () throws(ErrorCode) in _ = try one.finish(answer) } == .channelRefused)
    }

    /// Either key alone is not enough.
    @Test func reject_halfTheKeys() throws {
        let (right, wrong) = (Programs.key(sealer: 0xA, target: 0xB), Programs.key(sealer: 0, target: 0))
        let back = Programs.key(sealer: 0xB, target: 0xA)
        for keys in [
            ChannelKeys(ofInitiator: right, ofResponder: wrong),
            ChannelKeys(ofInitiator: wrong, ofResponder: back),
            ChannelKeys(ofInitiator: back, ofResponder: right),
        ] {
            let one = try ChannelEnd(.initiator, nonce: 1)
            let answer = try ChannelEnd(.responder, keys: keys, nonce: 2).answer(one.hello())
            #expect(code(one) { () throws(ErrorCode) in _ = try one.finish(answer) } == .channelRefused)
        }
    }

    /// Not told apart, or not fresh.
    @Test func reject_oneNameOneKeyOrNoNonce() {
        let key = Programs.key(sealer: 0xA, target: 0xB)
        let one = ChannelKeys(ofInitiator: key, ofResponder: key)
        for role in [ChannelRole.initiator, .responder] {
            #expect(throws: ErrorCode.channelRefused) {
                try ChannelEnd(
                    role, Programs.parties(0xA, 0xA), keys: Programs.keys(of: Programs.parties()), nonce: 1)
            }
            #expect(throws: ErrorCode.channelRefused) { try ChannelEnd(role, keys: one, nonce: 1) }
            #expect(throws: ErrorCode.channelRefused) { try ChannelEnd(role, nonce: 0) }
        }
    }
}

import LocalChannel
import SICEABI
import Testing

/// A handshake ends with the other program, in this handshake, or typed.
@Suite struct HandshakeTests {
    /// The error, and a channel that never opens.
    func code(_ end: ChannelEnd, _ body: () throws(ErrorCode) -> Void) -> ErrorCode? {
        do throws(ErrorCode) {
            try body()
            return nil
        } catch {
            #expect(!end.isOpen)
            #expect(throws: ErrorCode.channelMalformed) { try end.seal([1]) }
            return error
        }
    }

    @Test func handshake_opensBothEnds() throws {
        let one = try ChannelEnd(.initiator, nonce: 1)
        let other = try ChannelEnd(.responder, nonce: 2)
        let (hello, answer, finish): ([UInt8], [UInt8], [UInt8])
        hello = try one.hello()
        answer = try other.answer(hello)
        #expect(!one.isOpen && !other.isOpen)
        finish = try one.finish(answer)
        #expect(one.isOpen && !other.isOpen)
        try other.accept(finish)
        #expect(other.isOpen)
        #expect(
            (hello.count, answer.count, finish.count)
                == (ChannelHello.size, ChannelAnswer.size, ChannelFinish.size))
        #expect(hello.prefix(8) == Array("SICECHA1".utf8)[...])
    }

    /// The responder cannot see that a hello is not the initiator's: the initiator sees it in the answer.
    @Test func reject_everyFlippedBitOfTheHello() throws {
        for (bit, hello) in try ChannelEnd(.initiator, nonce: 1).hello().flips {
            let one = try ChannelEnd(.initiator, nonce: 1)
            let other = try ChannelEnd(.responder, nonce: 2)
            _ = try one.hello()
            var answer: [UInt8]?
            let error = code(other) { () throws(ErrorCode) in answer = try other.answer(hello) }
            #expect(error == (bit < 128 ? .channelMalformed : nil), "bit \(bit)")
            guard let answer else { continue }
            let seen = code(one) { () throws(ErrorCode) in _ = try one.finish(answer) }
            #expect(seen == .channelRefused, "bit \(bit)")
        }
    }

    @Test func reject_everyFlippedBitOfTheAnswer() throws {
        let hello = try ChannelEnd(.initiator, nonce: 1).hello()
        for (bit, answer) in try ChannelEnd(.responder, nonce: 2).answer(hello).flips {
            let one = try ChannelEnd(.initiator, nonce: 1)
            _ = try one.hello()
            let error = code(one) { () throws(ErrorCode) in _ = try one.finish(answer) }
            #expect(error == (bit < 128 ? .channelMalformed : .channelRefused), "bit \(bit)")
        }
    }

    @Test func reject_everyFlippedBitOfTheFinish() throws {
        let one = try ChannelEnd(.initiator, nonce: 1)
        let hello = try one.hello()
        for (bit, finish) in try one.finish(ChannelEnd(.responder, nonce: 2).answer(hello)).flips {
            let other = try ChannelEnd(.responder, nonce: 2)
            _ = try other.answer(hello)
            let error = code(other) { () throws(ErrorCode) in try other.accept(finish) }
            #expect(error == (bit < 128 ? .channelMalformed : .channelRefused), "bit \(bit)")
        }
    }

    /// Own words sent back, as they are and in the form of what is expected.
    @Test func reject_reflection() throws {
        let one = try ChannelEnd(.initiator, nonce: 1)
        let hello = try one.hello()
        #expect(code(one) { () throws(ErrorCode) in _ = try one.finish(hello) } == .channelMalformed)
        let again = try ChannelEnd(.initiator, nonce: 1)
        let said = try again.hello()
        let nonce = try ChannelHello(said.span).nonce
        let dressed = ChannelAnswer(nonce: nonce, proof: nonce).encoded.array
        #expect(code(again) { () throws(ErrorCode) in _ = try again.finish(dressed) } == .channelRefused)

        let other = try ChannelEnd(.responder, nonce: 2)
        let answer = try other.answer(hello)
        #expect(code(other) { () throws(ErrorCode) in try other.accept(answer) } == .channelMalformed)
        let responder = try ChannelEnd(.responder, nonce: 2)
        let spoken = try responder.answer(hello)
        let proof = try ChannelAnswer(spoken.span).proof
        let finish = ChannelFinish(proof: proof).encoded.array
        let error = code(responder) { () throws(ErrorCode) in try responder.accept(finish) }
        #expect(error == .channelRefused)
    }

    /// A program that is initiator to one and responder to another is not made to talk to itself.
    @Test func reject_oneselfInTheOtherRole() throws {
        let one = try ChannelEnd(.initiator, Programs.parties(0xA, 0xB), nonce: 1)
        let same = try ChannelEnd(.responder, Programs.parties(0xB, 0xA), nonce: 2)
        let answer = try same.answer(one.hello())
        #expect(code(one) { () throws(ErrorCode) in _ = try one.finish(answer) } == .channelRefused)
    }
}

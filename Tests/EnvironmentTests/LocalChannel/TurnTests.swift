import LocalChannel
import SICEABI
import Testing

/// What is not its turn changes nothing; what the host sends in its place ends the channel.
@Suite struct TurnTests {
    private typealias Call = (ChannelEnd) throws(ErrorCode) -> Void

    /// All calls, with messages that are right somewhere.
    private static func calls() throws -> [(name: String, call: Call)] {
        let (one, other) = try (ChannelEnd(.initiator, nonce: 1), ChannelEnd(.responder, nonce: 2))
        let hello = try one.hello()
        let answer = try other.answer(hello)
        let finish = try one.finish(answer)
        let record = try one.seal([1, 2, 3])
        return [
            ("hello", { end throws(ErrorCode) in _ = try end.hello() }),
            ("answer", { end throws(ErrorCode) in _ = try end.answer(hello) }),
            ("finish", { end throws(ErrorCode) in _ = try end.finish(answer) }),
            ("accept", { end throws(ErrorCode) in try end.accept(finish) }),
            ("seal", { end throws(ErrorCode) in _ = try end.seal([1]) }),
            ("open", { end throws(ErrorCode) in _ = try end.open(record) }),
        ]
    }

    private static func refuse(_ end: ChannelEnd, allBut allowed: Set<String>) throws {
        for (name, call) in try calls() where !allowed.contains(name) {
            #expect(throws: ErrorCode.channelMalformed, "\(name)") { try call(end) }
        }
    }

    @Test func reject_whatIsNotItsTurn() throws {
        let (one, other) = try (ChannelEnd(.initiator, nonce: 1), ChannelEnd(.responder, nonce: 2))
        try Self.refuse(one, allBut: ["hello"])
        try Self.refuse(other, allBut: ["answer"])
        let hello = try one.hello()
        try Self.refuse(one, allBut: ["finish"])
        let answer = try other.answer(hello)
        try Self.refuse(other, allBut: ["accept"])
        let finish = try one.finish(answer)
        try Self.refuse(one, allBut: ["seal", "open"])
        try other.accept(finish)
        try Self.refuse(other, allBut: ["seal", "open"])
        #expect(try other.open(one.seal([5])) == [5])
        #expect(try one.open(other.seal([6])) == [6])
    }

    /// A message of another kind or size is the host's doing: nothing right is taken after it.
    @Test func reject_anotherMessageInItsPlace() throws {
        let (one, other) = try ChannelEnd.pair()
        let record = try one.seal([1])
        let hello = ChannelHello(nonce: .init(repeating: 1)).encoded.array
        let answer = try ChannelEnd(.responder, nonce: 2).answer(hello)
        for wrong in [[], record, answer, hello + [0], hello.dropLast(), Array(hello.prefix(15))] {
            let responder = try ChannelEnd(.responder, nonce: 2)
            #expect(throws: ErrorCode.channelMalformed) { try responder.answer(wrong) }
            #expect(throws: ErrorCode.channelMalformed) { try responder.answer(hello) }
        }
        for wrong in [[], record, hello, answer + [0], answer.dropLast()] {
            let initiator = try ChannelEnd(.initiator, nonce: 1)
            _ = try initiator.hello()
            #expect(throws: ErrorCode.channelMalformed) { try initiator.finish(wrong) }
            #expect(throws: ErrorCode.channelMalformed) { try initiator.finish(answer) }
        }
        #expect(throws: ErrorCode.channelMalformed) { try other.open(hello) }
        #expect(throws: ErrorCode.channelMalformed) { try other.open(record) }
        #expect(throws: ErrorCode.channelMalformed) { try other.seal([1]) }
    }
}

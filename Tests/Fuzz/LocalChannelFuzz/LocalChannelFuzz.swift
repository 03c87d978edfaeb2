import LocalChannel
import SICEABI
import SealedData
import ToyCipher

/// Any bytes as each message of a channel: what is taken is written again to the same bytes, and neither
/// proof nor record is right, since nobody has the keys.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ErrorCode) {
        refused { () throws(ErrorCode) in try accept(input) }
        refused { () throws(ErrorCode) in try finish(input) }
        refused { () throws(ErrorCode) in try open(input) }
        var responder = try end(.responder)
        _ = try responder.answer(input.span)
        check(try ChannelHello(input.span).encoded, input)
    } catch {
        precondition(error == .channelMalformed, "another error")
    }
    return 0
}

private func check<let size: Int>(_ encoded: InlineArray<size, UInt8>, _ input: [UInt8]) {
    precondition(encoded.count == input.count, "another size")
    precondition(encoded.indices.allSatisfy { encoded[$0] == input[$0] }, "two encodings of one message")
}

private func refused(_ body: () throws(ErrorCode) -> Void) {
    do throws(ErrorCode) {
        try body()
        preconditionFailure("forged")
    } catch {
        precondition(error == .channelMalformed || error == .channelRefused, "another error")
    }
}

private func finish(_ input: [UInt8]) throws(ErrorCode) {
    var initiator = try end(.initiator)
    _ = try initiator.hello()
    if let answer = try? ChannelAnswer(input.span) {
        check(answer.encoded, input)
    }
    _ = try initiator.finish(input.span)
}

private func accept(_ input: [UInt8]) throws(ErrorCode) {
    var responder = try end(.responder)
    let hello = ChannelHello(nonce: .init(repeating: 1)).encoded
    _ = try responder.answer(hello.span)
    if let finish = try? ChannelFinish(input.span) {
        check(finish.encoded, input)
    }
    try responder.accept(input.span)
}

/// An open channel, whose other end says nothing.
private func open(_ input: [UInt8]) throws(ErrorCode) {
    var one = try end(.initiator)
    var other = try end(.responder)
    let hello = try one.hello()
    let answer = try other.answer(hello.span)
    let finish = try one.finish(answer.span)
    try other.accept(finish.span)
    let head = Array(input.prefix(ChannelRecord.size))
    var text = Array(input.dropFirst(ChannelRecord.size))
    if let record = try? ChannelRecord(head.span) {
        precondition(record.length <= ChannelRecord.maximumLength, "too long")
        check(record.encoded, head)
    }
    var span = text.mutableSpan
    defer { precondition(text.allSatisfy { $0 == 0 }, "something is left") }
    try other.open(&span, head: head.span)
}

private func end(
    _ role: ChannelRole
) throws(ErrorCode) -> LocalChannel<HashCipher> {
    let sides = (
        SealedDataSide(name: SealSide.measurement, product: 0, digest: .init(repeating: 1)),
        SealedDataSide(name: SealSide.measurement, product: 0, digest: .init(repeating: 2))
    )
    return try LocalChannel(
        role, of: ChannelParties(initiator: sides.0, responder: sides.1, label: 3),
        keys: ChannelKeys(ofInitiator: .init(repeating: 4), ofResponder: .init(repeating: 5)),
        nonce: .init(repeating: role == .initiator ? 6 : 7), cipher: HashCipher())
}

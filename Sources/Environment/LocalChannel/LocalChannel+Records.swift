public import SICEABI
internal import SealedData

extension LocalChannel {
    /// Encrypts the next record in place. What stands before it. Throws `channelMalformed`, and changes
    /// nothing, when the channel is not open, the last record was sent, or this one is longer than
    /// ``ChannelRecord/maximumLength``.
    public mutating func seal(
        _ text: inout MutableSpan<UInt8>, isLast: Bool
    ) throws(ErrorCode) -> InlineArray<32, UInt8> {
        guard state == .open, !sending.isOver, text.count <= ChannelRecord.maximumLength else {
            throw .channelMalformed
        }
        let tag = sending.run(&text, isLast: isLast, encrypts: true, &cipher)
        return ChannelRecord(isLast: isLast, length: text.count, tag: tag).encoded
    }

    /// Decrypts the other end's next record in place; after its last, ``isComplete`` says so. Throws
    /// `channelMalformed`, and changes nothing, when the channel is not open or the last record came. Throws
    /// `channelMalformed` for what is no record and `channelRefused` for one that is not the next of the
    /// other end; then the text is zeros and the channel at its end, in both directions.
    public mutating func open(_ text: inout MutableSpan<UInt8>, head: Span<UInt8>) throws(ErrorCode) {
        guard state == .open, !receiving.isOver else { throw .channelMalformed }
        do throws(ErrorCode) {
            let record = try ChannelRecord(head)
            guard record.length == text.count else { throw .channelMalformed }
            let tag = receiving.run(&text, isLast: record.isLast, encrypts: false, &cipher)
            guard tag.isEqual(to: record.tag) else { throw .channelRefused }
            isComplete = record.isLast
        } catch {
            for index in 0..<text.count { text[index] = 0 }
            state = .over
            eraseIfOver()
            throw error
        }
    }
}

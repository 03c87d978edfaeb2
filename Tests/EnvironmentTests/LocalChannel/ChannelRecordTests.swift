import LocalChannel
import SICEABI
import Testing

/// Records come whole, once, in their order, up to a last one.
@Suite struct ChannelRecordTests {
    private func text(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 8) }
    }

    /// Refused, typed; nothing of it is left, and the channel is at its end in both directions.
    private func reject(_ record: [UInt8], at end: ChannelEnd, _ code: ErrorCode, _ note: String = "") {
        let isComplete = end.isComplete
        #expect(throws: code, "\(note)") { try end.open(record) }
        #expect(end.refused.allSatisfy { $0 == 0 } && !end.isOpen && end.isComplete == isComplete)
        #expect(throws: ErrorCode.channelMalformed) { try end.seal([1]) }
    }

    @Test func records_comeThrough_bothWays() throws {
        let (one, other) = try ChannelEnd.pair()
        for (index, count) in [0, 1, 31, 32, 33, 4096, 0].enumerated() {
            let there = try one.seal(text(count), isLast: index == 6)
            #expect(there.count == ChannelRecord.size + count)
            let back = try other.seal(text(count), isLast: index == 6)
            // Two directions, two keys.
            #expect(there != back)
            #expect(try other.open(there) == text(count))
            #expect(try one.open(back) == text(count))
            if count > 8 { #expect(there.dropFirst(32).prefix(8) != text(8)[...]) }
            #expect(one.isComplete == (index == 6) && other.isComplete == (index == 6))
        }
    }

    /// One direction may end before the other.
    @Test func lastRecord_endsItsDirectionOnly() throws {
        let (one, other) = try ChannelEnd.pair()
        let record = try one.seal([1], isLast: true)
        #expect(throws: ErrorCode.channelMalformed) { try one.seal([2]) }
        #expect(try other.open(record) == [1])
        #expect(other.isComplete && !one.isComplete)
        #expect(throws: ErrorCode.channelMalformed) { try other.open(record) }
        #expect(try one.open(other.seal([3])) == [3])
    }

    @Test func reject_everyFlippedBitOfARecord() throws {
        for isLast in [false, true] {
            let record = try ChannelEnd.pair().0.seal(text(9), isLast: isLast)
            for (bit, changed) in record.flips {
                let other = try ChannelEnd.pair().1
                // Bit 64 makes a last record of another, and the reverse: that is what the tag tells.
                let isHeader = bit < 128 && bit != 64
                reject(changed, at: other, isHeader ? .channelMalformed : .channelRefused, "bit \(bit)")
                #expect(throws: ErrorCode.channelMalformed) { try other.open(record) }
            }
        }
    }

    @Test func reject_droppedSwappedOrRepeated() throws {
        let (one, _) = try ChannelEnd.pair()
        let records = try (0..<4).map { try one.seal([UInt8($0)], isLast: $0 == 3) }
        for length in 0..<4 {
            for wrong in 0..<4 where wrong != length {
                let other = try ChannelEnd.pair().1
                for index in 0..<length { #expect(try other.open(records[index]) == [UInt8(index)]) }
                reject(records[wrong], at: other, .channelRefused, "\(wrong) after \(length)")
            }
        }
    }

    /// What the host cuts off shows: without a last record nothing is complete.
    @Test func truncation_isSeen() throws {
        let (one, other) = try ChannelEnd.pair()
        for index in 0..<3 {
            #expect(try other.open(one.seal([UInt8(index)])) == [UInt8(index)])
            #expect(!other.isComplete)
        }
        #expect(try other.open(one.seal([], isLast: true)) == [])
        #expect(other.isComplete)
    }

    @Test func reject_ownOrForeignRecords() throws {
        let (one, _) = try ChannelEnd.pair()
        reject(try one.seal([1]), at: one, .channelRefused)
        // Other handshakes of the same two, each with one nonce of this one.
        for nonces: (UInt8, UInt8) in [(1, 3), (3, 2), (2, 1)] {
            let record = try ChannelEnd.pair(nonces: nonces).0.seal([1])
            reject(record, at: try ChannelEnd.pair().1, .channelRefused)
        }
        let back = try ChannelEnd.pair().1.seal([1])
        reject(back, at: try ChannelEnd.pair().1, .channelRefused)
    }

    @Test func reject_lengthsThatAreNone() throws {
        let (one, other) = try ChannelEnd.pair()
        #expect(throws: ErrorCode.channelMalformed) { try one.seal(text(4097)) }
        // That changed nothing.
        let record = try one.seal(text(4096))
        #expect(try other.open(record) == text(4096))
        var long = record + [0]
        (long[12], long[13]) = (0x01, 0x10)
        reject(long, at: other, .channelMalformed)
        for (count, wrong) in [(4095, 4096), (1, 0), (0, 1), (33, 32)] {
            let (sender, receiver) = try ChannelEnd.pair()
            let cut = try sender.seal(text(count)).prefix(32) + text(wrong)
            reject(Array(cut), at: receiver, .channelMalformed)
        }
    }

    /// What ends before its ciphertext or its tag does.
    @Test func reject_recordThatIsCut() throws {
        let record = try ChannelEnd.pair().0.seal(text(40))
        for count in 0..<record.count {
            reject(Array(record.prefix(count)), at: try ChannelEnd.pair().1, .channelMalformed)
        }
    }
}

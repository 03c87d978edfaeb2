import Fixtures
import SICEABI
import Simulation
import Testing
import WindowNetwork

/// Packets through the rings, and what a lying peer reaches: an exact error.
@Suite struct RingTests {
    let memory = SimulatedWindow(size: NetworkLayout.minimumSize)
    var host: NetworkEnd
    var guest: NetworkEnd

    init() throws {
        host = try NetworkEnd(host: #require(NetworkEndTests.settings), in: memory)
        guest = try NetworkEnd(guestIn: memory)
    }

    private mutating func send(_ packet: [UInt8]) throws -> Bool {
        guard let place = try host.outgoing.place(for: packet.count, in: memory) else { return false }
        memory.write(packet, at: place)
        host.outgoing.publish(packet.count, in: memory)
        return true
    }

    private mutating func receive() throws -> [UInt8]? {
        guard let place = try guest.incoming.next(in: memory) else { return nil }
        let packet = memory.read(place)
        guest.incoming.release(in: memory)
        return packet
    }

    @Test mutating func packets_arriveInOrderAndWhole() throws {
        var random = SeededRandom("packets_arriveInOrderAndWhole")
        var waiting: [[UInt8]] = []
        var received = 0
        while received < 3000 {
            let count = Int.random(in: 1...(Bool.random(using: &random) ? 100 : 65_535), using: &random)
            let packet = [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: count)
            if Bool.random(using: &random), try send(packet) { waiting.append(packet) }
            guard Bool.random(using: &random) else { continue }
            let next = try receive()
            #expect(next == waiting.first, "seed \(random.seed)")
            if next != nil { (waiting, received) = (Array(waiting.dropFirst()), received + 1) }
        }
    }

    /// A place is taken with its greatest size, but only what came is used.
    @Test mutating func place_isUsedInPart() throws {
        let place = try #require(try host.outgoing.place(for: 65_000, in: memory))
        memory.write([1, 2, 3], at: place)
        host.outgoing.publish(3, in: memory)
        #expect(memory.load(NetworkLayout.hostWritten) == 8)
        #expect(try receive() == [1, 2, 3])
        #expect(try receive() == nil)
    }

    @Test mutating func ring_isFullUntilThePeerReads() throws {
        let packet = [UInt8](repeating: 7, count: 65_000)
        #expect(try send(packet))
        #expect(try send(packet))
        #expect(try !send(packet))
        #expect(try receive() == packet)
        #expect(try send(packet))
    }

    @Test mutating func counts_goOnWhereAnEarlierProcessStopped() throws {
        #expect(try send([1]))
        #expect(try receive() == [1])
        #expect(try send([2]))
        host = try NetworkEnd(host: #require(NetworkEndTests.settings), in: memory)
        guest = try NetworkEnd(guestIn: memory)
        #expect(try send([3]))
        #expect(try receive() == [2])
        #expect(try receive() == [3])
    }

    @Test mutating func counts_wrap() throws {
        for offset in [NetworkLayout.hostWritten, NetworkLayout.guestRead] { memory.store(~3, at: offset) }
        host = try NetworkEnd(host: #require(NetworkEndTests.settings), in: memory)
        guest = try NetworkEnd(guestIn: memory)
        let packet = [UInt8](1...200)
        #expect(try send(packet))
        #expect(memory.load(NetworkLayout.hostWritten) == 200)
        #expect(try receive() == packet)
    }

    @Test(arguments: [0x20004, 1, 3, .max, 0x8000_0000] as [UInt32])
    mutating func reject_countOfTheWriter(_ written: UInt32) {
        memory.store(written, at: NetworkLayout.hostWritten)
        #expect(throws: ErrorCode.networkBadPosition) { try guest.incoming.next(in: memory) }
    }

    /// The reader says that it read what was not written, or less than ever could wait.
    @Test(arguments: [4, 1, .max, ~3 &- 0x20000] as [UInt32])
    mutating func reject_countOfTheReader(_ read: UInt32) {
        memory.store(read, at: NetworkLayout.guestRead)
        #expect(throws: ErrorCode.networkBadPosition) { try host.outgoing.place(for: 1, in: memory) }
    }

    /// Nothing, more than a packet can be, more than was written.
    @Test(arguments: [0, 65_536, .max, 0x8000_0001, 9] as [UInt32])
    mutating func reject_length(_ length: UInt32) throws {
        #expect(try send([1, 2, 3, 4, 5]))
        memory.store(length, at: NetworkLayout.rings + NetworkLayout.minimumRing)
        #expect(throws: ErrorCode.networkBadLength) { try guest.incoming.next(in: memory) }
    }

    /// What the peer writes over this side's own words changes nothing.
    @Test mutating func ownCounts_areNotReadBack() throws {
        #expect(try send([1]))
        memory.store(0x1234_5677, at: NetworkLayout.guestRead)
        #expect(try receive() == [1])
        #expect(memory.load(NetworkLayout.guestRead) == 8)
        memory.store(0x7777_7777, at: NetworkLayout.hostWritten)
        #expect(try send([2]))
        #expect(memory.load(NetworkLayout.hostWritten) == 16)
        #expect(try receive() == [2])
    }
}

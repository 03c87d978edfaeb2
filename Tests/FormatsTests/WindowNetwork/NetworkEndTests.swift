import SICEABI
import Simulation
import Testing
import WindowNetwork

/// Setting a network up and joining it.
@Suite struct NetworkEndTests {
    static let settings = try? NetworkSettings(
        hostAddress: 0x0A53_0101, guestAddress: 0x0A53_0102, prefixLength: 30)

    @Test func join_findsWhatTheHostSetUp() throws {
        let memory = SimulatedWindow(size: NetworkLayout.minimumSize)
        let settings = try #require(Self.settings)
        let host = try NetworkEnd(host: settings, in: memory)
        #expect(host.peerState(in: memory) == NetworkState.absent)
        let guest = try NetworkEnd(guestIn: memory)
        #expect(guest.settings == settings)
        #expect(host.peerState(in: memory) == NetworkState.up)
        guest.end(.networkBadLength, in: memory)
        #expect(host.peerState(in: memory) == 937)
        host.end(nil, in: memory)
        #expect(guest.peerState(in: memory) == NetworkState.ended)
    }

    @Test func signal_whenThePeerSleeps() throws {
        let memory = SimulatedWindow(size: NetworkLayout.minimumSize)
        let host = try NetworkEnd(host: #require(Self.settings), in: memory)
        let guest = try NetworkEnd(guestIn: memory)
        #expect(!host.peerSleeps(in: memory) && !guest.peerSleeps(in: memory))
        host.sleeps(true, in: memory)
        #expect(guest.peerSleeps(in: memory) && !host.peerSleeps(in: memory))
        guest.sleeps(true, in: memory)
        host.sleeps(false, in: memory)
        #expect(!guest.peerSleeps(in: memory) && host.peerSleeps(in: memory))
    }

    @Test(
        arguments: [
            (0x40FFF, nil), (0x41000, 0x20000), (0x80FFF, 0x20000), (0x81000, 0x40000), (1 << 40, 1 << 28),
        ] as [(Int, Int?)])
    func ring_isTheLargestThatFitsTwice(_ size: Int, _ ring: Int?) {
        #expect(NetworkLayout.ringSize(inWindowOf: size) == ring)
    }

    @Test func reject_windowThatIsTooSmall() throws {
        let memory = SimulatedWindow(size: NetworkLayout.minimumSize - 4)
        let settings = try #require(Self.settings)
        #expect(throws: ErrorCode.networkWindowUnusable) { try NetworkEnd(host: settings, in: memory) }
        #expect(throws: ErrorCode.networkWindowUnusable) {
            try NetworkEnd(guestIn: SimulatedWindow(size: 0))
        }
    }

    /// One word of the host's is wrong.
    @Test(
        arguments: [
            (NetworkLayout.magic, 0), (NetworkLayout.version, 2), (NetworkLayout.ringSize, 1 << 16),
            (NetworkLayout.ringSize, 1 << 18), (NetworkLayout.ringSize, (1 << 17) + 1),
            (NetworkLayout.maximumTransfer, 575), (NetworkLayout.maximumTransfer, 65_536),
            (NetworkLayout.prefixLength, 0), (NetworkLayout.prefixLength, 31),
            (NetworkLayout.prefixLength, .max), (NetworkLayout.hostAddress, 0x0A53_0102),
            (NetworkLayout.guestAddress, 0x0A53_0103), (NetworkLayout.guestAddress, 0x0A53_0100),
            (NetworkLayout.guestAddress, 0x0A53_0106),
        ] as [(Int, UInt32)])
    func reject_wordOfTheHost(_ offset: Int, _ value: UInt32) throws {
        let memory = SimulatedWindow(size: NetworkLayout.minimumSize)
        _ = try NetworkEnd(host: #require(Self.settings), in: memory)
        memory.store(value, at: offset)
        #expect(throws: ErrorCode.networkWindowUnusable) { try NetworkEnd(guestIn: memory) }
        #expect(memory.load(NetworkLayout.guestState) == NetworkState.absent)
    }
}

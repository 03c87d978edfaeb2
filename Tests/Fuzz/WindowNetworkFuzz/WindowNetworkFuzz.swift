import SICEABI
import Simulation
import WindowNetwork

/// A peer that writes any word of the window between any two steps of an honest guest. The simulated window ends the process
/// when a place lies outside; the honest side's own counts must stay right.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ErrorCode) {
        try HostilePeer().run(input[...])
    } catch {
        precondition((935...937).contains(error.rawValue), "an error of another chapter")
    }
    return 0
}

private struct HostilePeer {
    let memory = SimulatedWindow(size: NetworkLayout.minimumSize)

    func run(_ input: ArraySlice<UInt8>) throws(ErrorCode) {
        let settings = try NetworkSettings(
            hostAddress: 0x0A00_0001, guestAddress: 0x0A00_0002, prefixLength: 24)
        _ = try NetworkEnd(host: settings, in: memory)
        var input = input
        // Words that are wrong before the guest joins.
        if (input.popFirst() ?? 0) & 1 != 0 { change(&input) }
        var guest = try NetworkEnd(guestIn: memory)
        while let choice = input.popFirst() {
            switch choice & 3 {
            case 0: change(&input)
            case 1: try send(Int(choice) << 6, &guest)
            case 2: try receive(&guest)
            default:
                guest.sleeps(choice & 4 != 0, in: memory)
                _ = guest.peerSleeps(in: memory)
            }
        }
    }

    /// A word of the header, or of the start of the host's ring, where the lengths are.
    private func change(_ input: inout ArraySlice<UInt8>) {
        guard let place = input.popFirst(), input.count >= 4 else { return }
        let value = input.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
        input = input.dropFirst(4)
        let ring = NetworkLayout.rings + NetworkLayout.minimumRing
        memory.store(value, at: place & 0x80 == 0 ? Int(place) * 4 : ring + Int(place & 0x7F) * 4)
    }

    private func send(_ count: Int, _ guest: inout NetworkEnd) throws(ErrorCode) {
        guard let place = try guest.outgoing.place(for: count, in: memory) else { return }
        precondition(place.count == count)
        memory.write([UInt8](repeating: 0x45, count: count), at: place)
        guest.outgoing.publish(count, in: memory)
    }

    private func receive(_ guest: inout NetworkEnd) throws(ErrorCode) {
        guard let place = try guest.incoming.next(in: memory) else { return }
        precondition(place.count > 0 && place.count <= NetworkLayout.maximumPacket)
        precondition(memory.read(place).count == place.count)
        guest.incoming.release(in: memory)
    }
}

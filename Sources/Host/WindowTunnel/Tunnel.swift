internal import CTunnel
public import SICEABI
public import WindowNetwork

/// A TUN interface of this kernel, at one end of a network in a window.
public final class Tunnel {
    /// To wait for: readable when the kernel has packets for the peer.
    public let file: Int32
    private let window: MappedWindow
    private let transfer: Int

    /// Packets that one call moves in one direction: who writes without end must not keep this process for ever.
    public static let limit = 256

    /// Makes the interface with this side's address. The guest sends everything else to the host, too. Throws `tunnelFailed`.
    public init(_ name: String, for end: borrowing NetworkEnd, in window: MappedWindow) throws(ErrorCode) {
        let settings = end.settings
        let isGuest = end.side == .guest
        file = unsafe sice_tunnel_make(
            name, isGuest ? settings.guestAddress : settings.hostAddress,
            isGuest ? settings.hostAddress : settings.guestAddress, settings.prefixLength,
            settings.maximumTransfer, isGuest ? 1 : 0)
        self.window = window
        transfer = Int(settings.maximumTransfer)
        guard file >= 0 else { throw .tunnelFailed }
    }

    deinit { sice_tunnel_close(file) }

    /// What ``take(into:)`` found.
    public struct Taken: Equatable, Sendable {
        /// Packets that the peer has now.
        public var packets = 0
        /// The ring had no room for more.
        public var isFull = false
    }

    /// Moves the kernel's packets into the ring. Throws `networkBadPosition`, and `tunnelFailed` when the interface is gone.
    public func take(into ring: inout PacketWriter) throws(ErrorCode) -> Taken {
        var taken = Taken()
        while taken.packets < Self.limit {
            guard let place = try ring.place(for: transfer, in: window) else {
                taken.isFull = true
                break
            }
            let count = unsafe sice_tunnel_read(
                file, window.part(place.first, place.firstCount), place.firstCount,
                window.part(place.second, place.secondCount), place.secondCount)
            guard count >= 0 else { throw .tunnelFailed }
            guard count > 0 else { break }
            ring.publish(count, in: window)
            taken.packets += 1
        }
        return taken
    }

    /// Moves packets of the ring to the kernel, which copies each once and then looks at it. Returns how many. Throws
    /// `networkBadPosition`, `networkBadLength`, and `tunnelFailed` when the interface is gone.
    public func give(from ring: inout PacketReader) throws(ErrorCode) -> Int {
        var packets = 0
        while packets < Self.limit, let place = try ring.next(in: window) {
            let count = unsafe sice_tunnel_write(
                file, window.part(place.first, place.firstCount), place.firstCount,
                window.part(place.second, place.secondCount), place.secondCount)
            guard count >= 0 else { throw .tunnelFailed }
            ring.release(in: window)
            packets += 1
        }
        return packets
    }
}

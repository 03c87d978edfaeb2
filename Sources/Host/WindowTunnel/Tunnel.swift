internal import CTunnel
internal import LinuxSystem
public import SICEABI
public import SystemPackage
public import WindowNetwork

/// A TUN interface of this kernel, at one end of a network in a window.
public final class Tunnel {
    /// To wait for: readable when the kernel has packets for the peer.
    public var file: FileDescriptor { tunnel.descriptor }
    private let tunnel: OpenFile
    private let window: MappedWindow
    private let transfer: Int

    /// Packets that one call moves in one direction: who writes without end must not keep this process for ever.
    public static let limit = 256

    /// Makes the interface with this side's address. The guest sends everything else to the host, too. Throws `tunnelFailed`.
    public init(_ name: String, for end: borrowing NetworkEnd, in window: MappedWindow) throws(ErrorCode) {
        let settings = end.settings
        let isGuest = end.side == .guest
        let file = unsafe sice_tunnel_make(
            name, isGuest ? settings.guestAddress : settings.hostAddress,
            isGuest ? settings.hostAddress : settings.guestAddress, settings.prefixLength,
            settings.maximumTransfer, isGuest ? 1 : 0)
        guard file >= 0 else { throw .tunnelFailed }
        tunnel = OpenFile(FileDescriptor(rawValue: file))
        self.window = window
        transfer = Int(settings.maximumTransfer)
    }

    /// What ``collect(into:)`` moved.
    public struct Moved: Equatable, Sendable {
        /// Packets that the peer has now.
        public var packets = 0
        /// The ring had no room for more.
        public var isFull = false
    }

    /// Moves the kernel's packets into the ring. Throws `networkBadPosition`, and `tunnelFailed` when the interface is gone.
    public func collect(into ring: inout PacketWriter) throws(ErrorCode) -> Moved {
        var moved = Moved()
        while moved.packets < Self.limit {
            guard let place = try ring.place(for: transfer, in: window) else {
                moved.isFull = true
                break
            }
            let count = unsafe sice_tunnel_read(
                file.rawValue, window.part(place.first, place.firstCount), place.firstCount,
                window.part(place.second, place.secondCount), place.secondCount)
            guard count >= 0 else { throw .tunnelFailed }
            guard count > 0 else { break }
            ring.publish(count, in: window)
            moved.packets += 1
        }
        return moved
    }

    /// Moves packets of the ring to the kernel, which copies each once and then looks at it. Returns how many. Throws
    /// `networkBadPosition`, `networkBadLength`, and `tunnelFailed` when the interface is gone.
    public func deliver(from ring: inout PacketReader) throws(ErrorCode) -> Int {
        var packets = 0
        while packets < Self.limit, let place = try ring.next(in: window) {
            let count = unsafe sice_tunnel_write(
                file.rawValue, window.part(place.first, place.firstCount), place.firstCount,
                window.part(place.second, place.secondCount), place.secondCount)
            guard count >= 0 else { throw .tunnelFailed }
            ring.release(in: window)
            packets += 1
        }
        return packets
    }
}

public import Diagnostics
public import GuestRunner
internal import LinuxSystem
internal import ManagerAccess
public import SICEABI
internal import SystemPackage
public import WindowNetwork
internal import WindowTunnel

/// The legacy host's end of a Linux guest's network: a TUN interface, and the rings in the guest's first window.
///
/// It serves a guest that may write anything there; that ends the network, see ``move(now:)``.
public final class GuestNetwork {
    private let window: MappedWindow
    private let tunnel: Tunnel
    private var network: NetworkEnd
    private var ringIsFull = false
    /// The interface may have packets.
    private var hasNews = true
    /// When the guest was told of packets that it has not read yet.
    private var lastRing: UInt64?
    private var patience = GuestNetwork.shortestPatience

    // A guest may miss a bell that comes just before it waits; a guest whose agent is gone shall cost nothing.
    private static let shortestPatience: UInt64 = 1_000_000
    private static let longestPatience: UInt64 = 1_000_000_000

    /// Sets the network up and makes the interface, whose packets interrupt the calling thread from now on.
    /// Throws `windowNotDeclared`, `networkWindowUnusable`, `tunnelFailed`.
    public init(_ environment: UInt32, _ settings: NetworkSettings) throws(ToolError) {
        let place = try HostSession.run { client throws(ToolError) in
            try client.windows.window(0, of: environment)
        }
        window = try MachineConnection(CommunicationRange()).window(at: place.offset, size: place.size)
        do throws(ErrorCode) {
            network = try NetworkEnd(host: settings, in: window)
            tunnel = try Tunnel("sice\(environment)", for: network, in: window)
        } catch {
            throw ToolError(error, "environment \(environment)")
        }
        do throws(Errno) { try InputSignal.watch(tunnel.file) } catch {
            throw ToolError(.tunnelFailed, "SIGIO: \(error)")
        }
    }

    /// Whether the guest has to stop when it has packets: in time-sharing mode nobody looks while it runs.
    public func wantDoorbell(_ wants: Bool) { network.sleeps(wants, in: window) }

    /// Moves packets both ways. Throws `networkBadPosition` and `networkBadLength` when the guest breaks the rules,
    /// `tunnelFailed`; then ``end(_:)`` it.
    public func move(now: UInt64) throws(ErrorCode) -> NetworkNews {
        // First the guest's: the kernel often answers at once.
        _ = try tunnel.deliver(from: &network.incoming)
        if hasNews || ringIsFull {
            let moved = try tunnel.collect(into: &network.outgoing)
            ringIsFull = moved.isFull
            hasNews = moved.packets == Tunnel.limit
        }
        let isRead = network.outgoing.isRead(in: window)
        guard !isRead, network.peerSleeps(in: window) else {
            lastRing = nil
            patience = Self.shortestPatience
            return isRead ? .nothing : .packets
        }
        if let lastRing {
            guard now >= lastRing + patience else { return .packets }
            patience = min(patience * 2, Self.longestPatience)
        }
        lastRing = now
        return .ring
    }

    /// Whether ``move(now:)`` would move something, as far as one can tell without asking the kernel.
    public var hasWork: Bool { hasNews || network.incoming.hasMore(in: window) }

    /// The calling thread was interrupted, perhaps by this network's packets.
    func inputCame() { hasNews = true }

    /// When to tell a guest again that did not read.
    var nextRing: UInt64? { lastRing.map { $0 + patience } }

    /// Readable when packets arrive; nil while the guest has no room for them.
    var fileToWaitFor: FileDescriptor? { ringIsFull ? nil : tunnel.file }

    /// Tells the guest that there is no network any more, and why.
    public func end(_ error: ErrorCode?) { network.end(error, in: window) }
}

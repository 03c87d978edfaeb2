internal import CTunnel
internal import Glibc
internal import SICEABI
internal import WindowNetwork
internal import WindowTunnel

/// One direction of the guest's network; each end of it is used by one process.
struct Direction {
    var network: NetworkEnd
    let tunnel: Tunnel
    let window: MappedWindow

    /// The guest's packets go to the host. Throws what ends the network.
    mutating func send() throws(ErrorCode) -> Never {
        while true {
            guard sice_tunnel_wait(tunnel.file) == 0 else { throw .tunnelFailed }
            let taken = try tunnel.take(into: &network.outgoing)
            // One bell for all that was waiting.
            if taken.packets > 0 || taken.isFull, network.peerSleeps(in: window) { sice_doorbell(0) }
            guard taken.isFull else { continue }
            // A host that runs beside the guest makes room soon; one that has ended never does.
            guard network.peerState(in: window) == NetworkState.up else { throw .networkWindowUnusable }
            usleep(100)
        }
    }

    /// The host's packets go to the guest's kernel. Throws what ends the network.
    mutating func receive(_ bell: Int32) throws(ErrorCode) -> Never {
        while true {
            guard try tunnel.give(from: &network.incoming) == 0 else { continue }
            network.sleeps(true, in: window)
            if try tunnel.give(from: &network.incoming) == 0 {
                guard sice_bell_wait(bell) == 0 else { throw .tunnelFailed }
            }
            network.sleeps(false, in: window)
        }
    }
}

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
            if taken.packets > 0 || taken.isFull, network.peerSleeps(in: window) {
                sice_doorbell(NetworkDoorbell.packets)
            }
            guard taken.isFull else { continue }
            // A host that runs beside the guest makes room soon; one that has ended never does.
            guard network.peerState(in: window) == NetworkState.up else { throw .networkWindowUnusable }
            usleep(100)
        }
    }

    /// The host's packets go to the guest's kernel. Throws what ends the network.
    mutating func receive(_ bell: Int32) throws(ErrorCode) -> Never {
        let load = sice_load_open()
        var end = Self.now()
        while true {
            if try tunnel.give(from: &network.incoming) > 0 {
                end = Self.now() + Self.lingering
                continue
            }
            guard Self.now() > end else {
                linger(load)
                continue
            }
            network.sleeps(true, in: window)
            if try tunnel.give(from: &network.incoming) == 0 {
                guard sice_bell_wait(bell) == 0 else { throw .tunnelFailed }
            }
            network.sleeps(false, in: window)
        }
    }

    /// Where packets came, more often follow soon. While nothing else is to be done in the guest, waiting for them in the
    /// host's hands costs one exit; an interrupt costs ten.
    private func linger(_ load: Int32) {
        if sice_others_run(load) != 0 { sched_yield() } else { sice_doorbell(NetworkDoorbell.waits) }
    }

    /// Nanoseconds, longer than a server thinks or a client takes to start.
    private static let lingering: UInt64 = 100_000_000

    private static func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

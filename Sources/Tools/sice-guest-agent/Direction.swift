internal import CTunnel
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage
internal import WindowNetwork
internal import WindowTunnel

/// One direction of the guest's network; each end of it is used by one process.
struct Direction {
    var network: NetworkEnd
    let tunnel: Tunnel
    let window: MappedWindow
    /// Shared by both: whether ``receive(_:)`` expects packets soon, at offset 0.
    let lookout: MappedWindow

    /// The guest's packets go to the host. Throws what ends the network.
    mutating func send() throws(ErrorCode) -> Never {
        // Who sends several packets shall have sent them all before the host is told.
        _ = sice_run(Int32(SICE_RUN_BATCH))
        while true {
            try waitForPackets()
            let moved = try tunnel.collect(into: &network.outgoing)
            // One bell for all that was waiting; none while the host is about to be asked for its packets, and sees these.
            if moved.packets > 0 && lookout.load(0) == 0 || moved.isFull { ring() }
            guard moved.isFull else { continue }
            // A host that runs beside the guest makes room soon; one that has ended never does.
            guard network.peerState(in: window) == NetworkState.up else { throw .networkWindowUnusable }
            usleep(100)
        }
    }

    private func waitForPackets() throws(ErrorCode) {
        do throws(Errno) { _ = try tunnel.file.wait(for: .input) } catch {
            guard error == .interrupted else { throw .tunnelFailed }
        }
    }

    private func ring() {
        if network.peerSleeps(in: window) { sice_doorbell(NetworkDoorbell.packets) }
    }

    /// The host's packets go to the guest's kernel. Throws what ends the network.
    mutating func receive(_ bell: FileDescriptor) throws(ErrorCode) -> Never {
        while true {
            if try tunnel.deliver(from: &network.incoming) > 0 { try expectMore() }
            network.sleeps(true, in: window)
            if try tunnel.deliver(from: &network.incoming) == 0 {
                guard sice_bell_wait(bell.rawValue) == 0 else { throw .tunnelFailed }
            }
            network.sleeps(false, in: window)
        }
    }

    /// Where packets came, more often follow soon: expects them without an interrupt, which costs the guest ten exits. A
    /// guest that has other work is not kept from it.
    private mutating func expectMore() throws(ErrorCode) {
        guard sice_run(Int32(SICE_RUN_IDLE)) == 0 else { return }
        lookout.store(1, at: 0)
        defer {
            _ = sice_run(Int32(SICE_RUN_NORMAL))
            lookout.store(0, at: 0)
            ring()
        }
        var wait = Wait()
        while wait.goesOn {
            if try tunnel.deliver(from: &network.incoming) > 0 {
                wait = Wait()
                continue
            }
            sched_yield()
            // Beside a host that runs at the same time this looks until packets are there. In the hands of one that does not,
            // waiting for them costs one exit; but while others wait to run that would keep them from it.
            let isAlone = !wait.othersRan()
            if isAlone, network.peerSleeps(in: window) { sice_doorbell(NetworkDoorbell.waits) }
        }
    }
}

/// For packets, since the last one.
private struct Wait {
    /// Nanoseconds, longer than a server thinks or a client takes to start.
    private static let longest: UInt64 = 100_000_000
    /// That others in the guest ran meanwhile, in nanoseconds; then it takes too long until this process runs again.
    private static let longestOfOthers: UInt64 = 30_000_000
    /// More than a system call takes.
    private static let noticeable: UInt64 = 100_000

    private let start = Clock.monotonic
    private let startOfRun = Clock.thread
    private var timeOfOthers: UInt64 = 0

    var goesOn: Bool {
        Clock.monotonic - start < Self.longest && timeOfOthers < Self.longestOfOthers
    }

    /// Whether other processes ran since this was last asked.
    mutating func othersRan() -> Bool {
        let run = Clock.thread - startOfRun
        let time = Clock.monotonic - start
        defer { timeOfOthers = time - min(time, run) }
        return time > run + timeOfOthers + Self.noticeable
    }
}

internal import CMachine
internal import CProbe
internal import SICEABI

/// NMIs for a core that runs a guest which has unmasked them, as any kernel does: each ends the slice, waits in the
/// manager, and reaches the host exactly once (I6).
enum NonMaskableCase {
    private static let rounds: UInt64 = 500

    static func run(_ results: inout Results) {
        do throws(ErrorCode) {
            results.check("nmis", "started", expected: 1, found: Cores.start(1))
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_unmask, kind: .linuxGuest)
            let environment = try Environment(image)
            Cores.subject = environment.identifier
            Cores.begin(.runSlices)
            let victim = Cores.identifier(of: 1)
            let counter = WorkMemory.nonMaskable + UInt64(victim) * 8
            let delivered = send(to: victim, counter)
            results.check("nmis", "delivered", expected: rounds, found: delivered)
            // One that was lost leaves the core in its slice.
            guard delivered == rounds else { return }
            results.check("nmis", "wrongSlices", expected: 0, found: letGo(victim) ?? UInt64.max)
            results.check("nmis", "exactlyOnce", expected: rounds + 1, found: sice_read64(counter))
            try environment.destroy()
        } catch {
            results.check("nmis", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    /// One NMI after the other, each at another moment of the slice. Returns how many came before one was lost.
    private static func send(to victim: UInt32, _ counter: UInt64) -> UInt64 {
        for round in 1...rounds {
            Cores.pause(Int(round * 37 % 2048))
            LocalAPIC.sendNMI(to: victim)
            var looks = 0
            while sice_read64(counter) != round {
                guard looks < 1000 else { return round - 1 }
                Cores.pause(1000)
                looks += 1
            }
        }
        return rounds
    }

    /// The last slice needs an NMI too, or it would not end.
    private static func letGo(_ victim: UInt32) -> UInt64? {
        Cores.stopSlices()
        LocalAPIC.sendNMI(to: victim)
        return Cores.finish(only: 1)
    }
}

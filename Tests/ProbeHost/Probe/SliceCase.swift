internal import CMachine
internal import CProbe
internal import SICEABI

/// The host's timer ends the slices of a guest that never lets go, and no tick is lost.
enum SliceCase {
    private static let rounds: UInt64 = 200

    static func run(_ results: inout Results) {
        let counter = WorkMemory.ticks + UInt64(LocalAPIC.identifier) * 8
        sice_write64(counter, 0)
        do throws(ErrorCode) {
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_spin)
            let environment = try Environment(image)
            oneTickASlice(environment, counter, &results)
            interruptsOn(environment, counter, &results)
            try environment.destroy()
        } catch {
            results.check("slices", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    /// One tick is armed for each slice. It ends the slice, waits while the host keeps interrupts off, and comes
    /// exactly once when the host lets it in.
    private static func oneTickASlice(
        _ environment: Environment, _ counter: UInt64, _ results: inout Results
    ) {
        var wrongReasons: UInt64 = 0
        var lost: UInt64 = 0
        var early: UInt64 = 0
        for round in 1...rounds {
            LocalAPIC.armOnce(100_000)
            let answer = environment.run()
            if answer.error != 0 || answer.registers.rbx != ExitReason.hostInterrupt.rawValue {
                wrongReasons += 1
            }
            if sice_read64(counter) != round - 1 { early += 1 }
            sice_sti()
            for _ in 0..<8 { sice_pause() }
            sice_cli()
            if sice_read64(counter) != round { lost += 1 }
        }
        results.check("slices", "reason", expected: 0, found: wrongReasons)
        results.check("slices", "early", expected: 0, found: early)
        results.check("slices", "lost", expected: 0, found: lost)
    }

    /// A host that calls with interrupts on, as Linux does: the handler runs between the slices.
    private static func interruptsOn(
        _ environment: Environment, _ counter: UInt64, _ results: inout Results
    ) {
        sice_write64(counter, 0)
        LocalAPIC.armPeriodic(1_000_000)
        sice_sti()
        var slices: UInt64 = 0
        var wrongReasons: UInt64 = 0
        while sice_read64(counter) < rounds, slices < rounds * 4 {
            if environment.run().registers.rbx != ExitReason.hostInterrupt.rawValue { wrongReasons += 1 }
            slices += 1
        }
        sice_cli()
        LocalAPIC.armPeriodic(0)
        results.check("slices", "ticks", sice_read64(counter) >= rounds)
        results.check("slices", "reasonWithInterruptsOn", expected: 0, found: wrongReasons)
        // Every slice ends by a tick; a tick may also come between two.
        results.check("slices", "slicesBounded", slices <= sice_read64(counter) + 1)
    }
}

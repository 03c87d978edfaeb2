internal import CMachine
internal import CProbe
internal import SICEABI

/// Signals to a core that is isolated (T24, I6), lies in its exchange page (T23), and requests that others send (T32).
enum CoreAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                300, .cores, "signals-while-isolated", "T24",
                "a host's handler that ran on an isolated core, a wrong answer, or a changed core afterwards"),
            signals)
        runner.attack(
            Attack(301, .cores, "nmi-once", "T24", "an NMI during a guest that the host gets never or twice"),
            nonMaskable)
        runner.attack(
            Attack(
                302, .cores, "exchange-lies", "T23",
                "a changed word outside of the exchange page, or another environment harmed"), lies)
        runner.attack(
            Attack(
                303, .cores, "held-requests", "T32",
                "a request that is served though its core raised no SMI, or a changed register"), held)
        showExchange(to: &runner)
        showLock(to: &runner)
    }

    private static let victim: UInt64 = 1
    private static let nonMaskableRounds: UInt64 = 2000

    /// Brings the other core to hold its state: it is compared when that ends (``expectUnchanged(_:)``).
    static func hold(_ attempt: inout Attempt) {
        attempt.expect(Cores.start(1), is: 1, "core-start")
        Cores.begin(.hold)
        attempt.expect(Cores.areHeld(1), "core-holds")
    }

    static func expectUnchanged(_ attempt: inout Attempt) {
        attempt.expect(Cores.letGo(1) ?? UInt64.max, is: 0, "host-state")
        attempt.expectManager()
    }

    /// How often the victim's handlers ran.
    private static var handled: UInt64 { Cores.ticks(of: victim) + nonMaskables }
    private static var nonMaskables: UInt64 {
        sice_read64(WorkMemory.nonMaskable + UInt64(Cores.identifier(of: victim)) * 8)
    }

    private static func disturb(_ random: inout Random, _ attempt: inout Attempt) {
        let core = Cores.identifier(of: victim)
        let signals = random.next(below: 4)
        attempt.count(signals)
        for _ in 0..<signals {
            switch random.next(below: 3) {
            case 0: LocalAPIC.sendNMI(to: core)
            case 1: LocalAPIC.sendSMI(to: core)
            default: LocalAPIC.sendInterrupt(to: core)
            }
            Cores.pause(Int(random.next(below: 200)))
        }
    }

    private static func signals(_ attempt: inout Attempt) {
        hold(&attempt)
        do throws(ErrorCode) {
            let environment = try Environment(
                GuestImage(at: WorkMemory.image, entry: probe_guest_compute))
            var random = Random(seed: attempt.seed)
            var last: UInt64 = 1
            for _ in 0..<60 { stay(environment, &last, &random, &attempt) }
            try environment.destroy()
        } catch { attempt.failed("setup", error) }
        expectUnchanged(&attempt)
    }

    /// From launch to stop. The guest computes, waits for answers and sleeps; signals come at any moment.
    private static func stay(
        _ environment: Environment, _ last: inout UInt64, _ random: inout Random, _ attempt: inout Attempt
    ) {
        var isolated = IsolatedRun(environment, core: victim)
        attempt.expect(isolated.launch(), is: 0, "launch")
        disturb(&random, &attempt)
        attempt.expect(isolated.exit()?.first ?? 0, is: last, "first")
        let before = handled
        for round in 0..<50 where !attempt.isBroken {
            if round == 25 { attempt.expect(isolated.waits(for: .asleep), "sleep") }
            disturb(&random, &attempt)
            let count = random.next(below: 2000) + 1
            isolated.answer(count)
            disturb(&random, &attempt)
            last = 1
            for _ in 0..<count { last = last &* 6_364_136_223_846_793_005 &+ 1 }
            attempt.expect(isolated.exit()?.first ?? 0, is: last, "answer")
        }
        attempt.expect(handled, is: before, "handler-inside")
        disturb(&random, &attempt)
        attempt.expect(isolated.stop(), "stop")
        disturb(&random, &attempt)
    }

    /// In time-sharing mode, while the guest unmasks NMIs without end; to an isolated core an NMI is a signal.
    private static func nonMaskable(_ attempt: inout Attempt) {
        attempt.expect(Cores.start(1), is: 1, "core-start")
        do throws(ErrorCode) {
            let environment = try Environment(
                GuestImage(at: WorkMemory.image, entry: probe_guest_unmask, kind: .linuxGuest))
            Cores.subject = environment.identifier
            let before = nonMaskables
            Cores.begin(.runSlices)
            var random = Random(seed: attempt.seed)
            for round in 1...nonMaskableRounds where !attempt.isBroken {
                Cores.pause(Int(random.next(below: 4096)))
                LocalAPIC.sendNMI(to: Cores.identifier(of: victim))
                for _ in 0..<1000 where nonMaskables < before + round { Cores.pause(1000) }
                attempt.expect(nonMaskables, is: before + round, "nmi-lost-or-doubled")
            }
            // The last slice needs an NMI too, or it would not end.
            Cores.stopSlices()
            LocalAPIC.sendNMI(to: Cores.identifier(of: victim))
            attempt.expect(Cores.finish(only: victim) ?? UInt64.max, is: 0, "wrong-slices")
            attempt.expect(nonMaskables, is: before + nonMaskableRounds + 1, "nmi-lost-or-doubled")
            try environment.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    private static func held(_ attempt: inout Attempt) {
        attempt.expect(Cores.start(1), is: 1, "core-start")
        do throws(ErrorCode) {
            let environment = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            Cores.subject = environment.identifier
            for _ in 0..<300 where !attempt.isBroken {
                Cores.begin(.holdRequest)
                attempt.expect(Cores.areHeld(1), "core-holds")
                while !Cores.isDone(victim, after: 1) { LocalAPIC.sendSMI(to: Cores.identifier(of: victim)) }
                let refused = UInt64(ErrorCode.requestNotAuthorized.rawValue)
                attempt.expect(Cores.finish(only: victim) ?? UInt64.max, is: refused, "served")
            }
            attempt.expect(environment.run().registers.rcx, is: 1, "harmed")
            try environment.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }
}

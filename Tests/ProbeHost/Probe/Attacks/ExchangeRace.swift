internal import CMachine
internal import CProbe
internal import SICEABI

/// Exchange pages that change between a look and the next, or are something else too (T03, T23).
extension CoreAttacks {
    private static let answers = 1000
    private static let shared = WorkMemory.window + ABI.pageSize

    static func showExchange(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                304, .cores, "exchange-race", "T03",
                "an interrupt by a vector of exceptions, changed in the page after it was looked at"),
            eventRace)
        runner.attack(
            Attack(
                305, .cores, "window-as-exchange", "T23",
                "a wrong answer, a changed core, or another environment harmed, where a guest writes its exchange page"
            ),
            windowAsExchange)
    }

    /// A kernel counts its interrupts, and those by vectors below 32 apart. The page's event changes between a good and a bad
    /// one all the time, with its number and the answer.
    static func eventRace(_ attempt: inout Attempt) {
        hold(&attempt)
        do throws(ErrorCode) {
            let environment = try Environment(
                GuestImage(at: WorkMemory.image, entry: probe_guest_vectors, kind: .linuxGuest))
            var random = Random(seed: attempt.seed)
            var isolated = IsolatedRun(environment, core: 1)
            attempt.expect(isolated.launch(), is: 0, "launch")
            var taken: UInt64 = 0
            var number: UInt32 = 0
            for _ in 0..<answers where !attempt.isBroken {
                guard let exit = isolated.exit() else {
                    attempt.expect(false, "no-exit")
                    break
                }
                attempt.expect(exit.reason, is: ExitReason.yield.rawValue, "reason")
                attempt.expect(exit.first >> 32, is: 0, "exception-vector")
                taken = exit.first
                offer(&number)
                isolated.answer(random.next())
                for _ in 0..<random.next(below: 40) { flip(&number, &random) }
            }
            // Some must have come through, or nothing was raced.
            attempt.expect(taken > 0, "no-race")
            attempt.expect(isolated.stop(), "stop")
            try environment.destroy()
        } catch { attempt.failed("setup", error) }
        expectUnchanged(&attempt)
    }

    private static func offer(_ number: inout UInt32) {
        let page = WorkMemory.exchange + ABI.pageSize
        number &+= 1
        let good = GuestEvent.valid | 0x30
        sice_write32(page + UInt64(ExchangeLayout.event), UInt32(truncatingIfNeeded: good))
        sice_write32(page + UInt64(ExchangeLayout.eventNumber), number)
    }

    /// Good, then at once bad; exceptions, an NMI's vector, more than eight bits, and no valid bit.
    private static func flip(_ number: inout UInt32, _ random: inout Random) {
        let page = WorkMemory.exchange + ABI.pageSize
        let bad: InlineArray<6, UInt64> = [0x0E, 0x02, 0x00, 0x1F, 0x10E, 0x7FFF_FF0D]
        offer(&number)
        Cores.pause(Int(random.next(below: 8)))
        let worse = GuestEvent.valid | bad[Int(random.next(below: 6))]
        sice_write32(page + UInt64(ExchangeLayout.event), UInt32(truncatingIfNeeded: worse))
    }

    /// The guest's window is its exchange page: first the part that it writes, then the part that it reads.
    static func windowAsExchange(_ attempt: inout Attempt) {
        hold(&attempt)
        var random = Random(seed: attempt.seed)
        do throws(ErrorCode) {
            let bystander = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            attempt.expect(bystander.run().registers.rcx, is: 1, "bystander")
            for round: UInt64 in 0..<20 where !attempt.isBroken {
                AliasAttacks.fill(WorkMemory.window, &random)
                try stay(WorkMemory.window + round % 2 * ABI.pageSize, &attempt)
                attempt.expect(bystander.run(round).registers.rcx, is: round + 1, "bystander")
            }
            try bystander.destroy()
        } catch { attempt.failed("setup", error) }
        expectUnchanged(&attempt)
    }

    private static func stay(_ page: UInt64, _ attempt: inout Attempt) throws(ErrorCode) {
        let environment = try AliasAttacks.windowed()
        AliasAttacks.attach(environment, 0, WorkMemory.window, &attempt)
        var isolated = IsolatedRun(environment, core: 1, page: page)
        attempt.expect(isolated.launch(), is: 0, "launch")
        for _ in 0..<20 {
            // What the guest writes there looks like the number of an exit until the core waits.
            let exit = isolated.waitsForAnswer() ? isolated.exit() : nil
            attempt.expect(exit?.reason ?? 0, is: ExitReason.yield.rawValue, "reason")
            // The sum is where the guest wrote it; its exit's number may be over it by now.
            if page != shared { attempt.expect(exit?.first ?? 0, is: sice_read64(shared), "sum") }
            isolated.answer(1)
        }
        attempt.expect(isolated.stop(), "stop")
        attempt.expectReport(environment, nonce: page, to: WorkMemory.target)
        try environment.destroy()
    }
}

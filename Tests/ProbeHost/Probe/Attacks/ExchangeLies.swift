internal import CMachine
internal import CProbe
internal import SICEABI

extension CoreAttacks {
    private static let page = WorkMemory.exchange + ABI.pageSize
    private static let pattern: UInt64 = 0x1E5_0F_A11_0DD

    /// 10,000 lies; every 500 the environment is stopped, and another one must still answer.
    static func lies(_ attempt: inout Attempt) {
        hold(&attempt)
        fillSurroundings()
        do throws(ErrorCode) {
            let bystander = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            attempt.expect(bystander.run().registers.rcx, is: 1, "bystander")
            var random = Random(seed: attempt.seed)
            for round: UInt64 in 0..<20 where !attempt.isBroken {
                try lie(500, &random, &attempt)
                attempt.expect(bystander.run(round).registers.rcx, is: round + 1, "bystander")
            }
            try bystander.destroy()
        } catch { attempt.failed("setup", error) }
        expectSurroundings(&attempt)
        expectUnchanged(&attempt)
    }

    private static func lie(
        _ count: Int, _ random: inout Random, _ attempt: inout Attempt
    ) throws(ErrorCode) {
        let environment = try Environment(
            GuestImage(at: WorkMemory.secondImage, entry: probe_guest_echo))
        var isolated = IsolatedRun(environment, core: 1)
        attempt.expect(isolated.launch(), is: 0, "launch")
        attempt.expect(isolated.exit() != nil, "no-exit")
        for index in 0..<count {
            let field = page + random.next(below: UInt64(ExchangeLayout.size / 4)) * 4
            // The number of the newest exit is what a core waits for: said right half of the time.
            let answered = page + UInt64(ExchangeLayout.answered)
            sice_write32(field, UInt32(truncatingIfNeeded: value(&random)))
            if index % 2 == 0 { sice_write32(answered, sice_read32(page)) }
            if index % 16 == 0 { _ = Call(.kick, environment.identifier).sent() }
            Cores.pause(Int(random.next(below: 300)))
            attempt.expect(true, "-")
        }
        attempt.expect(isolated.stop(), "stop")
        try environment.destroy()
    }

    private static func value(_ random: inout Random) -> UInt64 {
        switch random.next(below: 4) {
        case 0: 0
        case 1: UInt64.max
        case 2: random.next(below: 8)
        default: random.next()
        }
    }

    /// The pages beside the exchange page, and what it does not use of its own.
    private static func surroundings(_ body: (UInt64) -> Void) {
        for offset in stride(from: UInt64(0), to: 3 * ABI.pageSize, by: 8) {
            let address = WorkMemory.exchange + offset
            guard address < page || address >= page + UInt64(ExchangeLayout.size) else { continue }
            body(address)
        }
    }

    private static func fillSurroundings() {
        surroundings { (address) in sice_write64(address, pattern ^ address) }
    }

    private static func expectSurroundings(_ attempt: inout Attempt) {
        var changed: UInt64 = 0
        surroundings { (address) in
            if sice_read64(address) != pattern ^ address { changed = address }
        }
        attempt.expect(changed, is: 0, "changed-outside")
    }
}

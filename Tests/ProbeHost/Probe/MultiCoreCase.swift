internal import CMachine
internal import CProbe
internal import SICEABI

/// Multi-core mode on two cores: exits, sleep, held-off interrupts, change of mode, and the core unharmed afterwards.
enum MultiCoreCase {
    static func run(_ results: inout Results) {
        let free = Information().freePages
        do throws(ErrorCode) {
            results.check("multicore", "started", expected: 1, found: Cores.start(1))
            Cores.begin(.hold)
            results.check("multicore", "held", Cores.areHeld(1))
            try exchange(&results)
            try moves(&results)
            try hammer(&results)
            results.check("multicore", "hostState", expected: 0, found: Cores.letGo(1) ?? UInt64.max)
            // The interrupts that were held off came when the core was the host's again.
            results.check("multicore", "heldOff", Cores.ticks(of: 1) > 0)
            try crash(&results)
        } catch {
            results.check("multicore", "setup", expected: 0, found: UInt64(error.rawValue))
        }
        results.check("multicore", "free", expected: free, found: Information().freePages)
    }

    /// Exits and answers, with a core that polls and with one that went to sleep.
    private static func exchange(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
        let environment = try Environment(image)
        var isolated = IsolatedRun(environment, core: 1)
        results.check("exchange", "launch", expected: 0, found: isolated.launch())
        results.check("exchange", "first", expected: 1, found: isolated.exit()?.first ?? 0)
        results.refused("exchange", "run", Call(.run, environment.identifier), .environmentBusy)
        results.refused("exchange", "destroy", Call(.destroy, environment.identifier), .environmentBusy)
        results.refused(
            "exchange", "again",
            Call(.launch, environment.identifier, UInt64(Cores.identifier(of: 1)), WorkMemory.exchange),
            .environmentBusy)
        var wrong: UInt64 = 0
        for round: UInt64 in 0..<2000 {
            isolated.answer(round * 3)
            if isolated.exit()?.first != round * 3 + 1 { wrong += 1 }
        }
        results.check("exchange", "answers", expected: 0, found: wrong)
        for round: UInt64 in 0..<50 {
            if !isolated.waits(for: .asleep) { wrong += 1 }
            isolated.answer(round)
            if isolated.exit()?.first != round + 1 { wrong += 1 }
        }
        results.check("exchange", "sleeps", expected: 0, found: wrong)
        let record = Record(of: environment.identifier)
        results.check("exchange", "mode", record?.mode == ExecutionMode.multiCore.rawValue)
        results.check("exchange", "stop", isolated.stop())
        results.check("exchange", "left", isolated.state == ExchangeState.left.rawValue)
        results.refused("exchange", "kick", Call(.kick, environment.identifier), .wrongState)
        try environment.destroy()
    }

    /// One running environment changes its mode 100 times, and its answers stay right.
    private static func moves(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
        let environment = try Environment(image)
        var isolated = IsolatedRun(environment, core: 1)
        var wrong: UInt64 = 0
        if environment.run().registers.rcx != 1 { wrong += 1 }
        var last: UInt64 = 1
        for round: UInt64 in 0..<50 {
            // What it said in one mode is there to be answered in the other.
            if isolated.launch() != 0 || isolated.exit()?.first != last { wrong += 1 }
            isolated.answer(round * 5)
            if isolated.exit()?.first != round * 5 + 1 { wrong += 1 }
            if !isolated.stop() { wrong += 1 }
            last = environment.run(round * 7).registers.rcx
            if last != round * 7 + 1 { wrong += 1 }
        }
        results.check("moves", "answers", expected: 0, found: wrong)
        try environment.destroy()
    }

    /// A long computation while the host sends its core interrupts and NMIs without end.
    private static func hammer(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_compute)
        let environment = try Environment(image)
        var isolated = IsolatedRun(environment, core: 1)
        results.check("hammer", "launch", expected: 0, found: isolated.launch())
        _ = isolated.exit()
        let rounds: UInt64 = 20_000_000
        isolated.answer(rounds)
        let victim = Cores.identifier(of: 1)
        var sent: UInt64 = 0
        while !isolated.hasExit, sent < 1_000_000 {
            LocalAPIC.sendInterrupt(to: victim)
            LocalAPIC.sendNMI(to: victim)
            LocalAPIC.sendSMI(to: victim)
            sent += 1
        }
        var expected: UInt64 = 1
        for _ in 0..<rounds { expected = expected &* 6_364_136_223_846_793_005 &+ 1 }
        results.check("hammer", "answer", expected: expected, found: isolated.exit()?.first ?? 0)
        results.check("hammer", "sent", sent > 1000)
        results.check("hammer", "ticksMeanwhile", expected: 0, found: Cores.ticks(of: 1))
        results.check("hammer", "stop", isolated.stop())
        try environment.destroy()
    }

    /// A guest that crashes gives its core back and says why.
    private static func crash(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_outside)
        let environment = try Environment(image)
        var isolated = IsolatedRun(environment, core: 1)
        results.check("crash", "launch", expected: 0, found: isolated.launch())
        let exit = isolated.exit()
        results.check("crash", "reason", expected: ExitReason.crashed.rawValue, found: exit?.reason ?? 0)
        results.check("crash", "code", expected: CrashCode.memoryMap, found: exit?.first ?? 0)
        results.check("crash", "address", expected: 0x40000, found: exit?.second ?? 0)
        results.check("crash", "left", isolated.waits(for: .left))
        results.check("crash", "stop", isolated.stop())
        Cores.begin(.ask)
        results.check("crash", "coreAlive", expected: 0, found: Cores.finish(only: 1) ?? UInt64.max)
        try environment.destroy()
    }
}

/// Every other core isolated at once; with more than two cores, the last one time-shares instead, with environments of
/// its own. (Not core 0: QEMU changes its flags behind its back, see SECURITY.md.)
enum ManyCoresCase {
    static func run(_ results: inout Results) {
        let information = Information()
        let others = information.cores - 1
        let isolated = others > 1 ? others - 1 : others
        do throws(ErrorCode) {
            results.check("many", "started", expected: others, found: Cores.start(others))
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
            Cores.begin(.hold, lastOf: others > 1 ? others : nil, does: .churn)
            results.check("many", "held", Cores.areHeld(isolated))
            var runs = InlineArray<8, IsolatedRun?>(repeating: nil)
            for core in 1...isolated {
                var run = IsolatedRun(try Environment(image), core: core)
                if run.launch() != 0 { throw .wrongState }
                runs[Int(core)] = run
            }
            try talk(&runs, isolated, &results)
            results.check("many", "failures", expected: 0, found: Cores.letGo(others) ?? UInt64.max)
        } catch {
            results.check("many", "setup", expected: 0, found: UInt64(error.rawValue))
        }
        results.check("many", "free", expected: information.freePages, found: Information().freePages)
    }

    private static func talk(
        _ runs: inout InlineArray<8, IsolatedRun?>, _ isolated: UInt64, _ results: inout Results
    ) throws(ErrorCode) {
        var wrong: UInt64 = 0
        for core in 1...isolated where runs[Int(core)]?.exit()?.first != 1 { wrong += 1 }
        for round: UInt64 in 0..<300 {
            for core in 1...isolated { runs[Int(core)]?.answer(round << 8 | core) }
            for core in 1...isolated where runs[Int(core)]?.exit()?.first != (round << 8 | core) + 1 {
                wrong += 1
            }
        }
        results.check("many", "answers", expected: 0, found: wrong)
        for core in 1...isolated {
            guard let run = runs[Int(core)] else { continue }
            if !run.stop() { wrong += 1 }
            try run.environment.destroy()
        }
        results.check("many", "stops", expected: 0, found: wrong)
    }
}

/// INIT to a core in multi-core mode (T11): its environment is lost, nobody else, and `stop` finds it out. Where INIT waits, the
/// environment works on until it is stopped.
enum IsolatedInitCase {
    static func run(_ results: inout Results) {
        let isHeld = Posture.holdsInit
        let free = Information().freePages
        do throws(ErrorCode) {
            results.check("thrown", "started", expected: 1, found: Cores.start(1))
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
            let bystander = try Environment(image)
            _ = bystander.run()
            let environment = try Environment(image)
            var isolated = IsolatedRun(environment, core: 1)
            results.check("thrown", "launch", expected: 0, found: isolated.launch())
            results.check("thrown", "first", expected: 1, found: isolated.exit()?.first ?? 0)
            let victim = Cores.identifier(of: 1)
            LocalAPIC.sendInit(to: victim)
            Cores.pause(100_000)
            Cores.begin(.idle)
            if isHeld { unharmed(&isolated, victim, &results) } else { lost(isolated, victim, &results) }
            results.check("thrown", "bystander", expected: 8, found: bystander.run(7).registers.rcx)
            try environment.destroy()
            try bystander.destroy()
            Cores.begin(.ask)
            results.check("thrown", "coreAlive", expected: 0, found: Cores.finish(only: 2) ?? UInt64.max)
        } catch {
            results.check("thrown", "setup", expected: 0, found: UInt64(error.rawValue))
        }
        results.check("thrown", "free", expected: free, found: Information().freePages)
    }

    private static func lost(_ isolated: IsolatedRun, _ victim: UInt32, _ results: inout Results) {
        // It comes back as the second core that ever started, outside SMM, for the host.
        results.check("thrown", "restarted", Cores.restart(victim, until: 2))
        results.check("thrown", "stop", isolated.stop())
        let record = Record(of: isolated.environment.identifier)
        results.check("thrown", "dead", record?.state == LifecycleState.dead.rawValue)
        results.check("thrown", "code", expected: CrashCode.coreReset, found: record?.crashCode ?? 0)
        let exit = isolated.exit()
        results.check("thrown", "reason", expected: ExitReason.crashed.rawValue, found: exit?.reason ?? 0)
        results.check("thrown", "posted", expected: CrashCode.coreReset, found: exit?.first ?? 0)
    }

    private static func unharmed(_ isolated: inout IsolatedRun, _ victim: UInt32, _ results: inout Results) {
        isolated.answer(7)
        results.check("thrown", "worksOn", expected: 8, found: isolated.exit()?.first ?? 0)
        results.check("thrown", "stop", isolated.stop())
        results.check("thrown", "restarted", Cores.restart(victim, until: 2))
        let record = Record(of: isolated.environment.identifier)
        results.check("thrown", "noCode", expected: 0, found: record?.crashCode ?? UInt64.max)
    }
}

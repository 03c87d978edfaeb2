internal import CMachine
internal import CProbe
internal import SICEABI

/// INIT and SIPI at a core that is in SMM, at any moment of an environment's life on it (T11).
enum InitAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                310, .cores, "init-while-isolated", "T11",
                "bytes of SMRAM, another environment harmed, or a core or pages that never come back", .spoilt
            ),
            isolated)
        runner.attack(
            Attack(
                311, .cores, "general-registers-after-init", "T11",
                "an environment's general registers on its core after INIT", .spoilt), general)
        runner.attack(
            Attack(
                312, .cores, "vector-registers-after-init", "T11",
                "an environment's vector registers on its core after INIT", .spoilt,
                excuse: .initRedirected), vectors)
        runner.attack(
            Attack(
                313, .cores, "init-inside-command", "T11",
                "a manager that answers with its key after a core was lost within one of its commands",
                .spoilt), insideCommand)
        runner.attack(
            Attack(
                314, .cores, "init-around-launch", "T11",
                "a core, pages or an environment that never come back from a launch that INIT crosses, or SMRAM open",
                .spoilt), aroundLaunch)
        runner.attack(
            Attack(
                315, .cores, "start-up-inside-smm", "T04",
                "code of the host that runs in SMM where SIPI reaches a core which took an SMI in wait for it",
                .spoilt), startUpInside)
    }

    /// Stops an environment that may have ended by itself.
    static func stop(_ environment: UInt64, _ attempt: inout Attempt) {
        for _ in 0..<10_000 {
            LifeSign.give()
            let answer = Call(.stop, environment).sent()
            if answer.error == UInt64(ErrorCode.wrongState.rawValue) { return }
            // A slice that an interrupt is about to end, or a core that has the lock and no time.
            let mayPass =
                answer.error == UInt64(ErrorCode.environmentBusy.rawValue)
                || answer.error == UInt64(ErrorCode.againLater.rawValue)
            guard answer.error == 0 || mayPass else { return attempt.expect(false, "stop", answer.error) }
            if !mayPass, answer.registers.rbx == 0 { return }
            Cores.pause(1000)
        }
        attempt.expect(false, "never-stopped")
    }

    private static func isolated(_ attempt: inout Attempt) {
        repeatLives(200, &attempt) { (environment, victim, random, attempt) in
            live(environment, &random, &attempt)
            victim.reboot(in: environment.identifier, &attempt)
        }
    }

    /// Up to so many lives of an environment, each with a `strike` by INIT from which the core comes back; one whose INIT
    /// strikes a core with the manager's lock is the last.
    static func repeatLives(
        _ lives: UInt64, _ attempt: inout Attempt,
        _ strike: (Environment, InitVictim, inout Random, inout Attempt) -> Void
    ) {
        let victim = InitVictim(&attempt)
        do throws(ErrorCode) {
            let bystander = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            attempt.expect(bystander.run().registers.rcx, is: 1, "bystander")
            let free = Information().freePages
            var random = Random(seed: attempt.seed)
            for round: UInt64 in 0..<lives where !attempt.isBroken {
                let environment = try Environment(GuestImage(sharedAt: WorkMemory.image))
                strike(environment, victim, &random, &attempt)
                guard !isLockLost(victim, &attempt) else { return expectTheEnd(bystander, &attempt) }
                attempt.expect(bystander.run(round).registers.rcx, is: round + 1, "bystander")
                stop(environment.identifier, &attempt)
                try environment.destroy()
                attempt.expect(Information().freePages, is: free, "pages")
            }
            try bystander.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    /// One life up to where INIT comes: at the first exit, in the stop, behind an answer, or in sleep.
    private static func live(
        _ environment: Environment, _ random: inout Random, _ attempt: inout Attempt
    ) {
        Cores.begin(.hold)
        attempt.expect(Cores.areHeld(1), "core-holds")
        var isolated = IsolatedRun(environment, core: 1)
        let phase = random.next(below: 4)
        attempt.expect(isolated.launch(), is: 0, "launch")
        attempt.expect(isolated.exit() != nil, "no-exit")
        if phase == 0 { _ = Call(.stop, environment.identifier).sent() }
        if phase == 1 { isolated.answer(random.next()) }
        if phase == 2 { attempt.expect(isolated.waits(for: .asleep), "sleep") }
        Cores.pause(Int(random.next(below: 3000)))
    }

    private static func insideCommand(_ attempt: inout Attempt) {
        let victim = InitVictim(&attempt)
        var random = Random(seed: attempt.seed)
        do throws(ErrorCode) {
            let bystander = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            attempt.expect(bystander.run().registers.rcx, is: 1, "bystander")
            for round: UInt64 in 0..<60 where !attempt.isBroken {
                Cores.begin(.buildForEver)
                Cores.pause(20_000 + Int(random.next(below: 50_000)))
                victim.reboot(in: nil, &attempt)
                guard !isLockLost(victim, &attempt) else { return expectTheEnd(bystander, &attempt) }
                attempt.expect(bystander.run(round).registers.rcx, is: round + 1, "bystander")
                CommandAttacks.clean(but: bystander.identifier)
            }
        } catch { attempt.failed("setup", error) }
        attempt.expect(victim.isHeld, "lock-never-lost")
        attempt.expectManager()
    }

    /// The core is back and asks: the manager learns of it. Whether it was thrown out with the manager's lock.
    private static func isLockLost(_ victim: InitVictim, _ attempt: inout Attempt) -> Bool {
        Cores.begin(.ask)
        attempt.expect(Cores.finish(only: 1) ?? UInt64.max, is: 0, "asked")
        let information = Information()
        let isLost = information.error == 0 && information.flags & PlatformFlags.reportKey == 0
        attempt.expect(!(isLost && victim.isHeld), "lost-in-command")
        return isLost
    }

    /// All environments and the key have ended.
    private static func expectTheEnd(_ bystander: Environment, _ attempt: inout Attempt) {
        let refused = UInt64(ErrorCode.managerFault.rawValue)
        let information = Information()
        attempt.expect(information.error == 0, "info", information.error)
        attempt.expect(information.flags & PlatformFlags.reportKey, is: 0, "key-stays")
        attempt.expect(bystander.run().error, is: refused, "runs")
        attempt.expect(
            Record(of: bystander.identifier)?.state == LifecycleState.dead.rawValue, "lives")
        let scratch = WorkMemory.scratch
        attempt.expect(
            Call(.report, bystander.identifier, scratch, scratch + 0x1000, 2048).sent().error != 0, "report")
    }
}

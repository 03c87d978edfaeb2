internal import CMachine
internal import SICEABI

/// Hosts in every mode of the CPU, with translations, breakpoints and single steps of their own (T04, T30).
enum ModeAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                200, .modes, "primed-translation", "T30",
                "a real-mode host's translation of the entry page serves in SMM: its own code runs there",
                .spoilt, excuse: .smmEntryFlushesTranslations),
            primedTranslation)
        runner.attack(
            Attack(
                201, .modes, "early-return", "T30",
                "after an SMI that the entry stub refuses, a real-mode host reads SMRAM", .spoilt),
            earlyReturn)
        runner.attack(
            Attack(202, .modes, "return", "T30", "after an SMI, a host of any mode reads SMRAM", .spoilt),
            anyReturn)
        runner.attack(
            Attack(
                203, .modes, "primed-in-any-mode", "T30",
                "a translation of a host with paging or protection serves in SMM", .spoilt),
            primedElsewhere)
        runner.attack(
            Attack(
                204, .modes, "entry-breakpoints", "T29",
                "a breakpoint of the host strikes in the entry stub: its own code runs in SMM", .spoilt,
                excuse: .smmEntryDisablesBreakpoints),
            entryBreakpoints)
        runner.attack(
            Attack(
                205, .modes, "single-step", "T29",
                "a single step of the host strikes in SMM: its own code runs there", .spoilt),
            singleStep)
        runner.attack(
            Attack(
                209, .modes, "pending-nmi", "T29",
                "an NMI that waits in a real-mode host strikes in SMM, is lost or comes twice", .spoilt),
            pendingSignal)
    }

    /// What the manager's first instructions touch, and what it must not show.
    static func victims(_ platform: Platform) -> InlineArray<5, UInt64> {
        [
            platform.smramBase + SMRAMLayout.entryPage,
            platform.smramBase + SMRAMLayout.saveStatePage + 0xF00,
            platform.smramBase + SMRAMLayout.coreDataPage, platform.smramBase + SMRAMLayout.managerOffset,
            platform.smramBase + platform.smramSize - 4096,
        ]
    }

    private static func check(_ outcome: ModeTrip.Outcome, _ attempt: inout Attempt) {
        attempt.expect(outcome.loot, is: 0, "ran-in-smm")
        attempt.expect(outcome.before, is: 0xFFFF_FFFF, "read-before")
        attempt.expect(outcome.after, is: 0xFFFF_FFFF, "read-after")
    }

    private static func checkManager(_ attempt: inout Attempt) {
        attempt.expect(Information().error, is: 0, "manager")
    }

    private static func primedTranslation(_ attempt: inout Attempt) {
        let platform = Platform()
        for mode in HostMode.realModes {
            check(
                ModeTrip(HostMode.all[mode], reading: platform.smramBase + SMRAMLayout.entryPage).take(),
                &attempt)
        }
        checkManager(&attempt)
    }

    /// The stub leaves at once when the local APIC's window lies over SMRAM, but not over the core's own block.
    private static func earlyReturn(_ attempt: inout Attempt) {
        let platform = Platform()
        let victims = victims(platform)
        for mode in HostMode.unpagedModes {
            for index in victims.indices {
                var trip = ModeTrip(HostMode.all[mode], reading: victims[index])
                trip.primes = false
                trip.interruptController = platform.smramBase + platform.smramSize - 8192 | 0x900
                check(trip.take(), &attempt)
            }
        }
        checkManager(&attempt)
    }

    private static func anyReturn(_ attempt: inout Attempt) {
        let platform = Platform()
        let victims = victims(platform)
        for mode in HostMode.all.indices {
            for index in victims.indices {
                var trip = ModeTrip(HostMode.all[mode], reading: victims[index])
                trip.primes = false
                check(trip.take(), &attempt)
            }
        }
        checkManager(&attempt)
    }

    private static func primedElsewhere(_ attempt: inout Attempt) {
        let platform = Platform()
        let victims = victims(platform)
        // The two real modes are an attack of their own.
        for mode in HostMode.realModes.upperBound..<HostMode.all.count {
            for index in victims.indices {
                check(ModeTrip(HostMode.all[mode], reading: victims[index]).take(), &attempt)
            }
        }
        checkManager(&attempt)
    }

    /// An emulator may compare one breakpoint with the address and another with the instruction pointer: both are set.
    private static func entryBreakpoints(_ attempt: inout Attempt) {
        let platform = Platform()
        let stub = platform.smramBase + SMRAMLayout.entryPage
        for offset in UInt64(0)..<64 {
            for mode in HostMode.realModes {
                var trip = ModeTrip(HostMode.all[mode], reading: platform.smramBase)
                trip.primes = false
                trip.breakpoints = (stub + offset, SMRAMLayout.entryPage + offset, 0x40A)
                check(trip.take(), &attempt)
            }
        }
        checkManager(&attempt)
    }

    private static func pendingSignal(_ attempt: inout Attempt) {
        for _ in 0..<100 {
            for mode in HostMode.realModes {
                var trip = ModeTrip(HostMode.all[mode], reading: Platform.found.smramBase)
                trip.primes = false
                trip.signals = true
                let outcome = trip.take()
                check(outcome, &attempt)
                attempt.expect(outcome.nonMaskables, is: 1, "nmi-lost-or-doubled")
            }
        }
        checkManager(&attempt)
    }

    private static func singleStep(_ attempt: inout Attempt) {
        for mode in HostMode.realModes {
            var trip = ModeTrip(HostMode.all[mode], reading: Platform().smramBase)
            trip.primes = false
            trip.singleStep = true
            check(trip.take(), &attempt)
        }
        checkManager(&attempt)
    }
}

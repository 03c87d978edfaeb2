internal import CMachine
internal import SICEABI

/// Hosts that are in virtual-8086 mode when the SMI comes (T29, T30, T32).
enum VirtualAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                206, .modes, "virtual-8086", "T30",
                "a task in virtual-8086 mode reads SMRAM around an SMI, or its state or the host's is changed",
                .spoilt),
            translations)
        runner.attack(
            Attack(
                207, .modes, "virtual-8086-events", "T29",
                "a breakpoint, a single step or an NMI of such a task strikes in SMM, or the NMI is lost or doubled",
                .spoilt),
            events)
        runner.attack(
            Attack(
                208, .modes, "virtual-8086-requests", "T32",
                "a request of such a task that is served without a word, or changes more than its answer",
                .spoilt),
            requests)
    }

    private static func check(_ outcome: VirtualTrip.Outcome, _ attempt: inout Attempt) {
        attempt.expect(outcome.loot, is: 0, "ran-in-smm")
        attempt.expect(outcome.wrongState, is: 0, "task-state")
        // Nothing here answers but to a whole request.
        attempt.expect(
            outcome.eax == 0xC5 && outcome.edx == VirtualTrip.edx && outcome.edi == VirtualTrip.edi,
            "registers",
            outcome.eax)
    }

    /// The first trip leaves a task register, which the host had none of before.
    private static func prepare(_ state: inout HostState) {
        _ = VirtualTrip().take()
        RegisterCase.readState(&state)
    }

    private static func finish(_ before: HostState, _ attempt: inout Attempt) {
        var after = HostState(repeating: 0)
        RegisterCase.readState(&after)
        for index in before.indices {
            attempt.expect(before[index] == after[index], "host-state", UInt64(index))
        }
        attempt.expectManager()
    }

    private static func translations(_ attempt: inout Attempt) {
        var before = HostState(repeating: 0)
        prepare(&before)
        let victims = ModeAttacks.victims(Platform.found)
        for index in victims.indices {
            for variant: UInt64 in 0..<8 {
                var trip = VirtualTrip()
                trip.target = victims[index]
                trip.primes = variant & 1 != 0
                trip.extended = variant & 2 != 0
                trip.ioPrivilege = variant & 4 != 0 ? 0 : 3
                let outcome = trip.take()
                check(outcome, &attempt)
                attempt.expect(outcome.before, is: 0xFFFF_FFFF, "read-before")
                attempt.expect(outcome.after, is: 0xFFFF_FFFF, "read-after")
            }
        }
        finish(before, &attempt)
    }

    private static func events(_ attempt: inout Attempt) {
        var before = HostState(repeating: 0)
        let stub = Platform.found.smramBase + SMRAMLayout.entryPage
        for offset in UInt64(0)..<64 {
            var trip = VirtualTrip()
            trip.target = stub
            trip.breakpoints = (stub + offset, SMRAMLayout.entryPage + offset, 0x40A)
            check(trip.take(), &attempt)
        }
        prepare(&before)
        for variant: UInt64 in 0..<16 {
            var trip = VirtualTrip()
            trip.target = stub
            trip.signals = variant & 1 != 0
            trip.singleStep = variant & 2 != 0
            trip.extended = variant & 4 != 0
            trip.ioPrivilege = variant & 8 != 0 ? 0 : 3
            let outcome = trip.take()
            check(outcome, &attempt)
            attempt.expect(outcome.nonMaskables, is: variant & 1, "nmi-lost-or-doubled")
            attempt.expect((outcome.steps > 0) == trip.singleStep, "steps", outcome.steps)
        }
        finish(before, &attempt)
    }

    /// 32-bit code cannot load the upper half of RAX, nor R8, but finds there what 64-bit code left.
    private static func requests(_ attempt: inout Attempt) {
        var before = HostState(repeating: 0)
        prepare(&before)
        for round: UInt64 in 0..<64 {
            var trip = VirtualTrip()
            trip.paged = false
            trip.ioPrivilege = round & 3
            trip.rax = ABI.requestMagic
            trip.rbx = Command.info.rawValue
            trip.r8 = RequestWord.fresh()
            if round & 4 != 0 { RequestWord.store(trip.r8) }
            let outcome = trip.take()
            attempt.expect(outcome.loot, is: 0, "ran-in-smm")
            attempt.expect(outcome.wrongState, is: 0, "task-state")
            if round & 4 != 0 {
                attempt.expect(outcome.eax, is: 0, "not-answered")
                attempt.expect(outcome.ebx, is: UInt64(ABI.version), "answer")
            } else {
                attempt.expect(
                    outcome.eax, is: UInt64(ErrorCode.requestNotAuthorized.rawValue), "served-without-word")
                attempt.expect(
                    outcome.ebx == trip.rbx && outcome.edx == VirtualTrip.edx
                        && outcome.edi == VirtualTrip.edi,
                    "registers", outcome.ebx)
            }
        }
        finish(before, &attempt)
    }
}

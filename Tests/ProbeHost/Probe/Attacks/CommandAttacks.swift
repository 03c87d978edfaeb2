internal import CMachine
internal import CProbe
internal import SICEABI

/// Commands with what handlers may trip over, from one core and from all (T02, T12).
enum CommandAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                40, .commands, "extremes", "T02",
                "a manager that fails, a changed register after an error, or a changed host, under random commands"
            ),
            extremes)
        runner.attack(
            Attack(
                41, .commands, "edges-of-smram", "T02",
                "a command that takes an address in or partly in SMRAM, or one that wraps"),
            edges)
        runner.attack(
            Attack(42, .commands, "storm", "T08", "a register changed by an SMI that is no request"), storm)
        runner.attack(
            Attack(
                43, .commands, "all-cores", "T02",
                "a manager that fails under random commands of two cores at once"), allCores)
    }

    private static let rounds = 20_000

    /// Environments in every state that one can wait in; the random commands change them.
    static func prepare() throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
        let windowed = try GuestImage(at: WorkMemory.secondImage, entry: probe_guest_window, windows: 2)
        let runnable = try Environment(image)
        let running = try Environment(image)
        _ = running.run()
        let dead = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_undefined))
        _ = dead.run()
        let absent = try Environment(image)
        try absent.destroy()
        RandomCommand.know(0, Call(.create, windowed.address).sent().registers.rbx)
        RandomCommand.know(1, try Environment(windowed).identifier)
        RandomCommand.know(2, runnable.identifier)
        RandomCommand.know(3, running.identifier)
        RandomCommand.know(4, dead.identifier)
        RandomCommand.know(5, absent.identifier)
        RandomCommand.know(6, 0)
        RandomCommand.know(7, try Environment(windowed).identifier)
    }

    /// Destroys whatever there is, however it came about, but for one.
    static func clean(but survivor: UInt64 = 0) {
        for slot in 0..<UInt64(ABI.maximumEnvironments) {
            let identifier = Call(.status, slot, WorkMemory.scratch).sent().registers.rbx
            guard identifier != 0, identifier != survivor else { continue }
            for _ in 0..<100_000 {
                let answer = Call(.stop, identifier).sent()
                if answer.error != 0 || answer.registers.rbx == 0 { break }
                Cores.pause(100)
            }
            try? Environment(existing: identifier).destroy()
        }
    }

    private static func extremes(_ attempt: inout Attempt) {
        do throws(ErrorCode) { try prepare() } catch { return attempt.failed("setup", error) }
        var random = Random(seed: attempt.seed)
        var before = HostState(repeating: 0)
        var after = HostState(repeating: 0)
        RegisterCase.readState(&before)
        for _ in 0..<rounds {
            let call = RandomCommand.make(&random)
            let answer = call.sent()
            expectGood(answer, to: call, &attempt)
        }
        RegisterCase.readState(&after)
        for index in 0..<before.count {
            attempt.expect(before[index] == after[index], "host-state", UInt64(index))
        }
        clean()
        attempt.expectManager()
    }

    private static func expectGood(_ answer: Call, to call: Call, _ attempt: inout Attempt) {
        attempt.expect(answer.error != Call.noAnswer, "no-answer", call.registers.rbx)
        attempt.expect(answer.error != UInt64(ErrorCode.managerFault.rawValue), "fault", call.registers.rbx)
        if answer.error != 0 {
            attempt.expect(answer.changedRegistersAfterError(from: call), is: 0, "registers-after-error")
        }
    }

    private static func edges(_ attempt: inout Attempt) {
        let platform = Platform.found
        do throws(ErrorCode) {
            let runnable = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            let sealed = try Environment(
                GuestImage(at: WorkMemory.secondImage, entry: probe_guest_window, windows: 2))
            let loading = Call(.create, WorkMemory.image).sent().registers.rbx
            var offset: UInt64 = 0
            while offset < platform.smramSize {
                let page = platform.smramBase + offset
                refuse(page, runnable.identifier, sealed.identifier, loading, &attempt)
                offset += offset < 0x20_0000 ? 4096 : 0x10_0000
            }
            refuse(
                platform.smramBase + platform.smramSize - 4096, runnable.identifier, sealed.identifier,
                loading, &attempt)
            reachInto(platform.smramBase, runnable.identifier, sealed.identifier, loading, &attempt)
            try runnable.destroy()
            try sealed.destroy()
            try Environment(existing: loading).destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    /// Every command that takes an address, with one in SMRAM.
    private static func refuse(
        _ page: UInt64, _ runnable: UInt64, _ sealed: UInt64, _ loading: UInt64, _ attempt: inout Attempt
    ) {
        let scratch = WorkMemory.scratch
        refused(Call(.create, page), &attempt)
        refused(Call(.load, loading, page, 1), &attempt)
        refused(Call(.attach, sealed, 0, page), &attempt)
        refused(Call(.report, runnable, page, scratch, 2048), &attempt)
        refused(Call(.report, runnable, scratch, page, 2048), &attempt)
        refused(Call(.reportKey, page + 40), &attempt)
        refused(Call(.readLog, 0, page + 8), &attempt)
        refused(Call(.status, 0, page + 16), &attempt)
        refused(Call(.logBase, page + 24), &attempt)
        refused(Call(.launch, runnable, 1, page), &attempt)
    }

    /// The last bytes before SMRAM are the host's; what begins there must not go on into it.
    private static func reachInto(
        _ base: UInt64, _ runnable: UInt64, _ sealed: UInt64, _ loading: UInt64, _ attempt: inout Attempt
    ) {
        let scratch = WorkMemory.scratch
        refused(Call(.load, loading, base - 4096, 2), &attempt)
        refused(Call(.attach, sealed, 0, base - 4096), &attempt)
        for before: UInt64 in 1..<32 {
            refused(Call(.report, runnable, base - before, scratch, 2048), &attempt)
            refused(Call(.report, runnable, scratch, base - before, 2048), &attempt)
            refused(Call(.reportKey, base - before), &attempt)
            refused(Call(.readLog, 0, base - before), &attempt)
            refused(Call(.status, 0, base - before), &attempt)
            refused(Call(.logBase, base - before), &attempt)
            refused(Call(.reportKey, UInt64.max - before), &attempt)
            refused(Call(.status, 0, UInt64.max - before), &attempt)
        }
    }

    private static func refused(_ call: Call, _ attempt: inout Attempt) {
        let answer = call.sent()
        let expected =
            call.registers.rdi == 2048 && answer.error == UInt64(ErrorCode.bufferTooSmall.rawValue)
            || answer.error == UInt64(ErrorCode.addressInSMRAM.rawValue)
            || answer.error == UInt64(ErrorCode.addressWraps.rawValue)
            || answer.error == UInt64(ErrorCode.addressOutsideRAM.rawValue)
        attempt.expect(expected, "taken", call.registers.rbx << 32 | answer.error)
    }

    private static func storm(_ attempt: inout Attempt) {
        var random = Random(seed: attempt.seed)
        for _ in 0..<rounds {
            var call = Call(random.next(below: 20), random.next(), random.next(), random.next())
            call.registers.rax = random.next() & ~0xFF00 | 0xC5
            let before = call
            call.send()
            attempt.expect(call.registers.rax, is: before.registers.rax, "rax")
            attempt.expect(call.changedRegistersAfterError(from: before), is: 0, "registers")
        }
        attempt.expectManager()
    }

    private static func allCores(_ attempt: inout Attempt) {
        do throws(ErrorCode) { try prepare() } catch { return attempt.failed("setup", error) }
        attempt.expect(OtherCore.begin(.ask, attempt.seed ^ 0xFFFF), "core-start")
        var random = Random(seed: attempt.seed)
        for _ in 0..<rounds {
            let call = RandomCommand.make(&random)
            expectGood(call.sent(), to: call, &attempt)
        }
        attempt.expect(OtherCore.stop() == 0, "other-core")
        clean()
        attempt.expectManager()
    }
}

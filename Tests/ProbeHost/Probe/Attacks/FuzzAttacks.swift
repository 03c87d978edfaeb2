internal import CMachine
internal import CProbe
internal import SICEABI

/// All commands, in and out of order, from two cores at once (T02, T12).
enum FuzzAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                340, .fuzz, "two-cores", "T12",
                "a manager that fails, a changed host, lost pages, the manager's or a guest's words in RAM"),
            twoCores)
    }

    /// SMIs of both cores together, as the CPUs count them (MSR_SMI_COUNT).
    private static let interrupts: UInt64 = 200_000
    private static let counter: UInt32 = 0x34

    /// SMIs of this core so far.
    static var taken: UInt64 { sice_rdmsr(counter) }

    private static func twoCores(_ attempt: inout Attempt) {
        let free = Information().freePages
        let copies = copiesOfManager()
        do throws(ErrorCode) {
            let filler = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_fill))
            attempt.expect(filler.run().registers.rcx, is: 1, "fill")
            try CommandAttacks.prepare()
            _ = try GuestImage(at: WorkMemory.secondImage, entry: probe_guest_echo)
            // Last: one that the random commands know may be gone at once.
            RandomCommand.know(7, filler.identifier)
        } catch { return attempt.failed("setup", error) }
        attempt.expect(OtherCore.begin(.fuzz, attempt.seed ^ 0xFFFF), "core-start")
        var fuzz = Fuzz(seed: attempt.seed, core: 0)
        let before = taken
        while taken - before + OtherCore.second < interrupts, fuzz.wrong == 0 {
            LifeSign.give()
            fuzz.step()
        }
        CommandAttacks.clean()
        attempt.expect(OtherCore.stop() ?? UInt64.max, is: 0, "other-core")
        attempt.expect(fuzz.wrong == 0, "wrong", fuzz.seen)
        attempt.expect(fuzz.differences(), is: 0, "host-state")
        let count = taken - before + OtherCore.second
        attempt.expect(count >= interrupts || attempt.isBroken, "too-few", count)
        attempt.count(count)
        CommandAttacks.clean()
        EnvironmentAttacks.search(&attempt)
        attempt.expect(copiesOfManager(), is: copies, "manager-in-memory")
        attempt.expect(Information().freePages, is: free, "pages")
        attempt.expectManager()
    }

    /// How often the first word of the manager's image is in RAM. Firmware may leave some; nothing may add to them.
    private static func copiesOfManager() -> UInt64 {
        let mask: UInt64 = 0x3C0F_A55A_9669_C33C
        let masked = ManagerImageLayout.magicValue ^ mask
        var found: UInt64 = 0
        for address in stride(from: UInt64(0), to: Platform.found.smramBase, by: 8)
        where sice_read64(address) ^ mask == masked { found += 1 }
        return found
    }
}

/// One core's part of it.
struct Fuzz {
    private var random: Random
    private let core: UInt64
    /// Answers that no command may give, and the first of them.
    private(set) var wrong: UInt64 = 0
    private(set) var seen: UInt64 = 0
    private var before = HostState(repeating: 0)

    init(seed: UInt64, core: UInt64) {
        random = Random(seed: seed)
        self.core = core
        RegisterCase.readState(&before)
    }

    /// Differences in the core's state since the beginning.
    func differences() -> UInt64 {
        var after = HostState(repeating: 0)
        RegisterCase.readState(&after)
        var count: UInt64 = 0
        for index in 0..<before.count where before[index] != after[index] { count += 1 }
        return count
    }

    mutating func step() {
        switch random.next(below: 128) {
        case 0, 1: live()
        case 2 where core == 0: isolate()
        case 3 where core == 0:
            LocalAPIC.sendSMI(to: OtherCore.identifier)
        default: send(RandomCommand.make(&random))
        }
    }

    private mutating func send(_ call: Call) {
        // Who would let this core go again? The other one may be isolated, too.
        if core != 0, call.registers.rbx == Command.launch.rawValue,
            UInt32(truncatingIfNeeded: call.registers.rdx) == 0
        {
            return
        }
        let answer = call.sent()
        judge(answer.error, call.registers.rbx)
        if answer.error != 0, answer.changedRegistersAfterError(from: call) != 0 {
            judge(Call.noAnswer, call.registers.rbx)
        }
    }

    private mutating func judge(_ error: UInt64, _ command: UInt64) {
        guard error == Call.noAnswer || error == UInt64(ErrorCode.managerFault.rawValue) else { return }
        if wrong == 0 { seen = command << 32 | error }
        wrong += 1
    }

    /// Creation to end in order, if nobody destroys it meanwhile.
    private mutating func live() {
        guard let environment = make() else { return }
        for _ in 0..<random.next(below: 8) { send(Call(.run, environment.identifier, random.next())) }
        report(environment)
        destroy(environment)
    }

    /// The same on the other core, which may just be somebody else's.
    private mutating func isolate() {
        guard let environment = make() else { return }
        let page = WorkMemory.exchange
        sice_clear_words(page, UInt64(ExchangeLayout.size / 8))
        send(Call(.launch, environment.identifier, UInt64(OtherCore.identifier), page))
        for _ in 0..<8 {
            sice_write64(page + UInt64(ExchangeLayout.input), random.next())
            sice_write32(page + UInt64(ExchangeLayout.answered), sice_read32(page))
            send(Call(.kick, environment.identifier))
        }
        report(environment)
        for _ in 0..<100_000 {
            let answer = Call(.stop, environment.identifier).sent()
            if answer.error != 0 || answer.registers.rbx == 0 { break }
            Cores.pause(100)
        }
        destroy(environment)
    }

    private mutating func make() -> Environment? {
        do throws(ErrorCode) {
            let environment = try Environment(GuestImage(sharedAt: WorkMemory.secondImage))
            RandomCommand.know(random.next(below: RandomCommand.knownCount), environment.identifier)
            return environment
        } catch {
            judge(UInt64(error.rawValue), Command.create.rawValue)
            return nil
        }
    }

    /// One time in eight: a signature takes as long as hundreds of other commands.
    private mutating func report(_ environment: Environment) {
        guard random.next(below: 8) == 0 else { return }
        send(Call(.report, environment.identifier, WorkMemory.target, WorkMemory.target + 0x1000, 2048))
    }

    private mutating func destroy(_ environment: Environment) {
        do throws(ErrorCode) { try environment.destroy() } catch {
            judge(UInt64(error.rawValue), Command.destroy.rawValue)
        }
    }
}

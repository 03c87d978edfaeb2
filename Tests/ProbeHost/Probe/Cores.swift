internal import CFirmware
internal import CMachine
public import CProbe
internal import SICEABI

/// Work for the other cores, through memory that all see.
enum Cores {
    /// What a core shall do.
    enum Job: UInt64 {
        case idle = 0
        /// Create, run and destroy environments, again and again.
        case churn = 1
        /// Run the environment that ``subject`` names, for ever.
        case runForEver = 2
        /// Ask for `INFO` once.
        case ask = 3
        /// Remember the core's state, wait until ``letGo(_:)``, and see whether it is still the same.
        case hold = 4
        /// Run the environment that ``subject`` names, slice after slice, until ``stopSlices()``.
        case runSlices = 5
        /// Create and destroy environments for ever.
        case buildForEver = 6
        /// Ask to destroy the environment that ``subject`` names, in registers only, until an SMI comes.
        case holdRequest = 7
        /// What an attack asks for (``OtherCore``).
        case attack = 8
    }

    private static let jobWord = WorkMemory.cores
    private static let subjectWord = WorkMemory.cores + 8
    private static let roundWord = WorkMemory.cores + 16
    /// Number of a core that gets a job of its own, 0 for none, and that job.
    private static let exceptionWord = WorkMemory.cores + 32
    private static let exceptionJobWord = WorkMemory.cores + 40
    private static let holdWord = WorkMemory.cores + 24
    private static let held = WorkMemory.cores + 0x380
    private static let done = WorkMemory.cores + 0x100
    private static let failures = WorkMemory.cores + 0x200
    private static let identifiers = WorkMemory.cores + 0x300
    /// A free page below 1 MiB where started cores begin.
    private static let startPage: UInt64 = 0x70

    static var subject: UInt64 {
        get { sice_read64(subjectWord) }
        set { sice_write64(subjectWord, newValue) }
    }

    /// Starts every other core and waits until `count` of them arrived. Returns how many did.
    static func start(_ count: UInt64) -> UInt64 {
        forget()
        LocalAPIC.sendInit(to: nil)
        pause(100_000)
        LocalAPIC.sendStartUp(page: UInt32(startPage), to: nil)
        for _ in 0..<10_000 {
            if arrived == count { break }
            pause(10_000)
        }
        return arrived
    }

    /// Forgets the cores that came, so that the next one arrives as number 1.
    static func forget() {
        sice_forget_cores()
        for offset in stride(from: UInt64(0), to: 0x400, by: 8) { sice_write64(WorkMemory.cores + offset, 0) }
        for offset in 0..<sice_core_start_size() {
            sice_write8(startPage << 12 + offset, sice_read8(sice_core_start_address() + offset))
        }
    }

    /// Sends one core, of which nothing is left but its number, back to where cores start.
    static func restart(_ identifier: UInt32) {
        LocalAPIC.sendStartUp(page: UInt32(startPage), to: identifier)
    }

    /// Sends start-ups to a core that took an INIT, or will when it leaves SMM, until it arrives as number `index`; false when
    /// it does not for a long time. A start-up that finds the core in SMM is lost.
    static func restart(_ identifier: UInt32, page: UInt32? = nil, until index: UInt64) -> Bool {
        for _ in 0..<2000 {
            LocalAPIC.sendStartUp(page: page ?? UInt32(startPage), to: identifier)
            for _ in 0..<100 {
                if hasArrived(identifier, as: index) { return true }
                pause(10_000)
            }
            LifeSign.give()
        }
        return false
    }

    /// Gives every other core the same job, but for core `last`, which gets `exception`.
    static func begin(_ job: Job, lastOf last: UInt64? = nil, does exception: Job = .idle) {
        sice_write64(exceptionWord, last ?? 0)
        sice_write64(exceptionJobWord, exception.rawValue)
        // The round last: whoever sees it sees the job too.
        if job == .hold { RegisterCase.fillVectors() }
        if job == .hold || job == .runSlices { sice_write64(holdWord, 1) }
        sice_write64(jobWord, job.rawValue)
        sice_write64(roundWord, sice_read64(roundWord) + 1)
    }

    /// Waits until the first `count` cores did the current job. Returns the failures they found; nil when a core
    /// is not done after a long time.
    static func finish(_ count: UInt64) -> UInt64? {
        var found: UInt64 = 0
        for index in 1..<(count + 1) {
            guard let failures = finish(only: index) else { return nil }
            found += failures
        }
        return found
    }

    /// The same for the core that arrived as number `index`.
    static func finish(only index: UInt64) -> UInt64? {
        for _ in 0..<200_000 {
            if sice_read64(done + index * 8) == sice_read64(roundWord) {
                return sice_read64(failures + index * 8)
            }
            LifeSign.give()
            pause(10_000)
        }
        return nil
    }

    /// Whether the core that arrived as number `index` is done with its job after so many short waits.
    static func isDone(_ index: UInt64, after waits: Int) -> Bool {
        for _ in 0..<waits {
            if sice_read64(done + index * 8) == sice_read64(roundWord) { return true }
            pause(10_000)
        }
        return false
    }

    /// Local APIC identifier of the core that arrived as number `index`.
    static func identifier(of index: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: sice_read64(identifiers + index * 8))
    }

    private static var arrived: UInt64 {
        var count: UInt64 = 0
        for index: UInt64 in 1..<8 where sice_read64(identifiers + index * 8) != 0 { count += 1 }
        return count
    }

    static func pause(_ count: Int) {
        for _ in 0..<count { sice_pause() }
    }

    /// A core's life: arrive, then do one job after the other.
    static func work(_ index: UInt64) -> Never {
        sice_write64(identifiers + index * 8, UInt64(LocalAPIC.identifier))
        var round = sice_read64(roundWord)
        // A core that was thrown out comes back for a job that was given before it arrived.
        if sice_read64(jobWord) == Job.ask.rawValue { round -= 1 }
        while true {
            while sice_read64(roundWord) == round { sice_pause() }
            round = sice_read64(roundWord)
            let word = sice_read64(exceptionWord) == index ? exceptionJobWord : jobWord
            let job = Job(rawValue: sice_read64(word)) ?? .idle
            sice_write64(failures + index * 8, perform(job, index))
            sice_write64(done + index * 8, round)
        }
    }

    private static func perform(_ job: Job, _ index: UInt64) -> UInt64 {
        switch job {
        case .hold: return hold(index)
        case .idle: return 0
        case .churn: return churn(rounds: 30)
        case .ask: return ask()
        case .holdRequest: return holdRequest(index)
        case .attack: return OtherCore.perform()
        case .runSlices: return runSlices()
        case .buildForEver:
            while true { _ = churn(rounds: 1, runs: 0) }
        case .runForEver:
            while Call(.run, subject).sent().error == 0 {}
            return 1
        }
    }

    /// The error of one `INFO`, whose word is left for others to try.
    private static func ask() -> UInt64 {
        let answer = Call(.info).sent()
        sice_write64(WorkMemory.foreignWord, answer.registers.r8)
        return answer.error
    }

    /// The error that a request got which was never sent, and how many registers it changed, in the high half.
    private static func holdRequest(_ index: UInt64) -> UInt64 {
        let call = Call(.destroy, subject)
        var answer = call
        sice_write64(held + index * 8, 1)
        answer.hold()
        sice_write64(held + index * 8, 0)
        return answer.changedRegistersAfterError(from: call) << 32 | answer.error
    }

    /// Differences in this core's state between two moments between which others use it. Interrupts stay off; those
    /// that waited come at the end.
    private static func hold(_ index: UInt64) -> UInt64 {
        var before = HostState(repeating: 0)
        var after = HostState(repeating: 0)
        let found = WorkMemory.vectorsFound + index * 0x1000
        RegisterCase.readState(&before)
        unsafe probe_load_vectors(UnsafePointer(bitPattern: UInt(WorkMemory.vectorsLoaded)))
        sice_write64(held + index * 8, 1)
        while sice_read64(holdWord) == 1 { sice_pause() }
        unsafe probe_save_vectors(UnsafeMutablePointer(bitPattern: UInt(found)))
        RegisterCase.readState(&after)
        var different = RegisterCase.vectorDifferences(found: found)
        for word in 0..<before.count where before[word] != after[word] { different += 1 }
        sice_sti()
        for _ in 0..<8 { sice_pause() }
        sice_cli()
        sice_write64(held + index * 8, 0)
        return different
    }

    /// Slices that did not end by the host's interrupt.
    private static func runSlices() -> UInt64 {
        var wrong: UInt64 = 0
        while sice_read64(holdWord) == 1 {
            let answer = Call(.run, subject).sent()
            if answer.error != 0 || answer.registers.rbx != ExitReason.hostInterrupt.rawValue { wrong += 1 }
        }
        return wrong
    }

    /// Whether the first `count` cores came to hold their state, after a while.
    static func areHeld(_ count: UInt64) -> Bool {
        for index in 1..<(count + 1) where !reaches(held + index * 8, 1) { return false }
        return true
    }

    /// Ends the job ``Job/hold``. Returns the differences that all cores found.
    static func letGo(_ count: UInt64) -> UInt64? {
        sice_write64(holdWord, 0)
        return finish(count)
    }

    /// Ends the job ``Job/runSlices`` of a core after its present slice.
    static func stopSlices() { sice_write64(holdWord, 0) }

    private static func reaches(_ word: UInt64, _ value: UInt64) -> Bool {
        for _ in 0..<200_000 {
            if sice_read64(word) == value { return true }
            LifeSign.give()
            pause(10_000)
        }
        return false
    }

    /// Whether the core with this number in its local APIC has arrived as number `index` by now.
    static func hasArrived(_ identifier: UInt32, as index: UInt64) -> Bool {
        sice_read64(identifiers + index * 8) == UInt64(identifier)
    }

    /// Timer interrupts that a core took.
    static func ticks(of index: UInt64) -> UInt64 {
        sice_read64(WorkMemory.ticks + UInt64(identifier(of: index)) * 8)
    }

    /// Failures of commands that run no guest.
    static func ask(rounds: Int) -> UInt64 {
        var failures: UInt64 = 0
        for _ in 0..<rounds where Information().error != 0 { failures += 1 }
        return failures
    }

    /// Failures of this core's own environments, which it creates, runs in turns with others', and destroys.
    static func churn(rounds: Int, runs: UInt64 = 20) -> UInt64 {
        var failures: UInt64 = 0
        for _ in 0..<rounds {
            do throws(ErrorCode) {
                let image = try GuestImage(sharedAt: WorkMemory.image)
                let environment = try Environment(image)
                if runs > 0, environment.run().registers.rcx != 1 { failures += 1 }
                for input: UInt64 in 0..<runs where environment.run(input).registers.rcx != input + 1 {
                    failures += 1
                }
                try environment.destroy()
            } catch {
                failures += 1
            }
        }
        return failures
    }
}

/// First Swift code of a started core.
@c(probe_core_main)
public func startCore(_ index: UInt64) {
    probe_enable_vectors()
    unsafe probe_save_vectors(UnsafeMutablePointer(bitPattern: UInt(WorkMemory.arrivalVectors)))
    LocalAPIC.enable()
    Cores.work(index)
}

/// All cores issue commands at the same time.
enum CoreCase {
    static func run(_ results: inout Results) {
        let information = Information()
        let others = information.cores - 1
        results.metric("cores", information.cores, unit: "cores")
        do throws(ErrorCode) {
            _ = try GuestImage(at: WorkMemory.image, entry: probe_guest_echo)
        } catch {
            results.check("cores", "setup", expected: 0, found: UInt64(error.rawValue))
        }
        results.check("cores", "started", expected: others, found: Cores.start(others))
        Cores.begin(.churn)
        // Core 0 sends commands meanwhile; guests only where it is alone, because QEMU changes its flags behind its back
        // when other cores restore vector registers (SECURITY.md).
        let own = others == 0 ? Cores.churn(rounds: 30) : Cores.ask(rounds: 3000)
        results.check("cores", "ownFailures", expected: 0, found: own)
        results.check("cores", "otherFailures", expected: 0, found: Cores.finish(others) ?? UInt64.max)
        results.check("cores", "free", expected: information.freePages, found: Information().freePages)
    }
}

/// INIT to a core that runs a guest. Where that throws it out of SMM, its environment dies; where INIT waits, nothing
/// happens to it. Nothing leaks, and the core can be used again (needs exactly two cores).
enum InitCase {
    static func run(_ results: inout Results) {
        let isHeld = Posture.holdsInit
        let free = Information().freePages
        do throws(ErrorCode) {
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_count)
            let environment = try Environment(image)
            results.check("init", "started", expected: 1, found: Cores.start(1))
            Cores.subject = environment.identifier
            Cores.begin(.runForEver)
            waitUntilRunning(environment, &results)
            results.refused("init", "busy", Call(.run, environment.identifier), .environmentBusy)
            results.refused("init", "destroyBusy", Call(.destroy, environment.identifier), .environmentBusy)
            strike(environment, isHeld, &results)
            if isHeld { unharmed(environment, &results) } else { lost(environment, &results) }
            try environment.destroy()
            results.check("init", "free", expected: free, found: Information().freePages)
            let next = try Environment(image)
            try next.destroy()
        } catch {
            results.check("init", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    private static func waitUntilRunning(_ environment: Environment, _ results: inout Results) {
        for _ in 0..<10_000 {
            if Record(of: environment.identifier)?.state == LifecycleState.running.rawValue { break }
            Cores.pause(10_000)
        }
        Cores.pause(1_000_000)
        results.check(
            "init", "running", Record(of: environment.identifier)?.state == LifecycleState.running.rawValue)
    }

    private static func strike(_ environment: Environment, _ isHeld: Bool, _ results: inout Results) {
        let victim = Cores.identifier(of: 1)
        LocalAPIC.sendInit(to: victim)
        Cores.pause(1_000_000)
        let platform = Platform()
        results.check("init", "closed", expected: 0xFFFF_FFFF, found: UInt64(sice_read32(platform.smramBase)))
        if isHeld {
            let state = Record(of: environment.identifier)?.state
            results.check("init", "worksOn", state == LifecycleState.running.rawValue)
            // It ends the slice, and the core leaves SMM.
            LocalAPIC.sendInterrupt(to: victim)
        }
        // The core's next command tells the manager what happened.
        Cores.begin(.ask)
        // It comes back as the second core that ever started.
        results.check("init", "restarted", Cores.restart(victim, until: 2))
        results.check("init", "asked", expected: 0, found: Cores.finish(only: 2) ?? UInt64.max)
    }

    private static func unharmed(_ environment: Environment, _ results: inout Results) {
        let record = Record(of: environment.identifier)
        results.check("init", "alive", record?.state == LifecycleState.runnable.rawValue)
        results.check("init", "noCode", expected: 0, found: record?.crashCode ?? UInt64.max)
    }

    private static func lost(_ environment: Environment, _ results: inout Results) {
        let record = Record(of: environment.identifier)
        results.check("init", "dead", record?.state == LifecycleState.dead.rawValue)
        results.check("init", "code", expected: CrashCode.coreReset, found: record?.crashCode ?? 0)
        results.refused("init", "again", Call(.run, environment.identifier), .wrongState)
    }
}

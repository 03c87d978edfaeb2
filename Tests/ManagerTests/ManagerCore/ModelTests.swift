import Fixtures
import GuestPolicy
import ManagerCore
import SICEABI
import Simulation
import Testing

/// Random command sequences against ``Model``: after each command the answer is the model's and the raw contents of
/// the simulated SMRAM keep every invariant.
@Suite struct ModelTests {
    @Test func randomSequences() throws {
        for run in 0..<6 { _ = try play(SeededRandom("model \(run)")) }
    }

    /// The sequences go all the way, also for images with windows: with seeds that do not change from run to run.
    @Test func fixedSequences_reachEveryState() throws {
        var reached: Set<LifecycleState> = []
        for seed in 1...8 { reached.formUnion(try play(SeededRandom(seed: UInt64(seed)))) }
        #expect(reached.isSuperset(of: [.sealed, .runnable, .running, .dead, .scrubbing]))
    }

    /// Plays one sequence; returns the states in which an environment with an attached window was.
    private func play(_ random: SeededRandom) throws -> Set<LifecycleState> {
        var reached: Set<LifecycleState> = []
        var driver = try ModelDriver(random: random)
        for step in 0..<300 {
            try driver.step()
            try compare(driver, "seed \(driver.random.seed), step \(step), \(driver.last)")
            for slot in driver.model.slots where !slot.attached.isEmpty { reached.insert(slot.state) }
        }
        return reached
    }

    func compare(_ driver: ModelDriver, _ comment: Comment) throws {
        checkInvariants(driver.simulation, comment)
        #expect(try driver.simulation.freePages == driver.model.free, comment)
        for slot in 0..<16 {
            let state = try driver.simulation.record(slot)?.state ?? .absent
            #expect(state == driver.model.slots[slot].state, comment)
        }
    }
}

/// Makes up commands, sends them, compares the answers.
struct ModelDriver {
    let simulation: Simulation
    var model: Model
    var random: SeededRandom
    var last = ""

    static let poolPages = 260

    init(random: SeededRandom) throws {
        simulation = try Simulation(poolPages: Self.poolPages, cores: 5, seed: random.seed)
        model = Model(free: UInt64(Self.poolPages - 2))
        self.random = random
    }

    mutating func step() throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<9: try create()
        case 9..<29: try load()
        case 29..<44: try seal()
        case 44..<62: try attach()
        case 62..<75: try run()
        case 75..<84: try finish()
        case 84..<91: try destroy()
        case 91..<93: try reset()
        case 93..<95: try launch()
        case 95..<97: try arrive()
        case 97..<98: try stop()
        case 98..<99: try kick()
        default: try nonsense()
        }
    }

    // MARK: Arguments

    /// Mostly an identifier that names somebody, often in the wanted state; sometimes one that never did or no longer
    /// does.
    mutating func identifier(_ wanted: LifecycleState? = nil) -> UInt64 {
        if let wanted, Bool.random(using: &random) {
            let fitting = model.slots.indices.filter { model.slots[$0].state == wanted }
            if let slot = fitting.randomElement(using: &random) { return model.identifier(slot) }
        }
        if Int.random(in: 0..<10, using: &random) == 0 {
            return [0, .max, UInt64.random(in: 0..<0x1000, using: &random)].randomElement(using: &random)!
        }
        let live = model.slots.indices.filter { model.slots[$0].state != .absent }
        return model.identifier(live.randomElement(using: &random) ?? 0)
    }

    /// Mostly a good address, sometimes SMRAM, a hole, a wrap or a misaligned one, with the error that it deserves.
    mutating func address(_ good: UInt64) -> (UInt64, ErrorCode?) {
        switch Int.random(in: 0..<20, using: &random) {
        case 0: (MachineLayout.poolBase + UInt64.random(in: 0..<100, using: &random) * 4096, .addressInSMRAM)
        case 1: (MachineLayout.smramBase, .addressInSMRAM)
        case 2: (0xFFFF_FFFF_FFFF_F000, .addressWraps)
        case 3: (0xD000_0000, .addressOutsideRAM)
        case 4: (good + UInt64.random(in: 1..<4096, using: &random), .addressMisaligned)
        default: (good, nil)
        }
    }

    mutating func idleCore() -> Int? {
        Model.cores.filter { model.isIdle($0) }.randomElement(using: &random)
    }

    // MARK: Sending

    /// Sends a command and checks that it fails as the model says, or does not.
    mutating func send(
        _ command: Command, _ expected: ErrorCode?, rcx: UInt64 = 0, rdx: UInt64 = 0, rsi: UInt64 = 0
    ) throws -> HostRegisters? {
        guard let core = idleCore() else { return nil }
        last = "\(command) \(rcx) \(rdx) \(rsi)"
        do throws(ErrorCode) {
            let answer = try simulation.call(command, rcx: rcx, rdx: rdx, rsi: rsi, core: core)
            #expect(expected == nil, "\(last): accepted")
            return answer
        } catch {
            #expect(expected == error, "\(last)")
            return nil
        }
    }

    mutating func create() throws {
        let shape = Int.random(in: 0..<Model.shapes.count, using: &random)
        let (address, wrong) = address(Simulation.Place.image)
        let isDamaged = Int.random(in: 0..<8, using: &random) == 0
        var header = try Model.shapes[shape].header()
        if isDamaged { header[0] ^= 0xFF }
        simulation.write(header, at: Simulation.Place.image)
        let expected = wrong ?? model.expectCreate(shape, isDamaged: isDamaged)
        if let answer = try send(.create, expected, rcx: address) {
            #expect(answer.rbx == model.create(shape))
        }
    }

    mutating func load() throws {
        let id = identifier(.loading)
        let left = model.slots[Int(id & 0xF)].contentLeft
        let count = Bool.random(using: &random) ? left : UInt64.random(in: 0...8, using: &random)
        let (address, wrong) = address(Simulation.Place.image)
        let expected = model.expectLoad(id, count, wrong)
        if let answer = try send(.load, expected, rcx: id, rdx: address, rsi: count) {
            #expect(answer.rbx == model.load(id, count))
        }
    }

    mutating func seal() throws {
        let id = identifier(.loading)
        if let answer = try send(.seal, model.expectSeal(id), rcx: id) {
            #expect(answer.rbx == model.seal(id))
        }
    }

    mutating func attach() throws {
        let id = identifier(.sealed)
        let index = UInt64.random(in: 0..<9, using: &random) / 4
        let (address, wrong) = address(Simulation.Place.window)
        let expected = model.expectAttach(id, index, wrong)
        if let answer = try send(.attach, expected, rcx: id, rdx: index, rsi: address) {
            #expect(answer.rbx == model.attach(id, index))
        }
    }

    mutating func run() throws {
        guard let core = idleCore() else { return }
        let id = identifier(.runnable)
        let expected = model.expect(id, [.runnable])
        last = "run \(id) on \(core)"
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: id)
        let step = simulation.handle(&registers, on: core)
        if let expected {
            #expect(step == .resumeHost && registers.rax == ABI.responseMagic | UInt64(expected.rawValue))
        } else {
            #expect(step == .enterGuest(slot: Slot(ofIdentifier: id)))
            model.slots[Int(id & 0xFF)].state = .running
            model.slots[Int(id & 0xFF)].yields = false
            model.running[core] = Int(id & 0xFF)
        }
    }

    /// A core that runs a guest, in either mode, and whose guest that is.
    private mutating func busyCore() -> (core: Int, slot: Int)? {
        let busy = Model.cores.filter { model.running[$0] != nil && !model.isArriving($0) }
        guard let core = busy.randomElement(using: &random), let slot = model.running[core] else {
            return nil
        }
        return (core, slot)
    }

    mutating func finish() throws {
        guard let (core, slot) = busyCore() else { return }
        guard !model.isIsolated(core) else { return try finishIsolated(core, slot) }
        let exit = [
            SimulatedExit.interrupt, .yield(3), .end(1),
            SimulatedExit(GuestExit(.nestedPageFault, address: 8)),
            .service(.random), .service(.window, [.rbx: UInt64.random(in: 0...2, using: &random)]),
        ].randomElement(using: &random)!
        last = "exit of \(slot) on \(core)"
        for (register, value) in exit.registers {
            simulation.machine.setRegister(register, of: slot, to: value)
        }
        var registers = HostRegisters()
        let step = simulation.manager.finish(
            exit.exit, on: core, registers: &registers, machine: &simulation.machine)
        guard step == .resumeHost else { return }
        let isOver =
            registers.rbx == ExitReason.exited.rawValue || registers.rbx == ExitReason.crashed.rawValue
        model.slots[slot].state = isOver ? .dead : .runnable
        model.slots[slot].yields = registers.rbx == ExitReason.yield.rawValue
        model.leave(core)
    }

    mutating func destroy() throws {
        let id = identifier()
        let expected = model.expect(id, [.loading, .sealed, .runnable, .dead, .scrubbing])
        let owned = expected == nil ? try simulation.record(of: id)?.pages ?? 0 : 0
        if let answer = try send(.destroy, expected, rcx: id) {
            #expect(answer.rbx == model.destroy(id, owned: owned))
        }
    }

    /// A core comes in with an SMI although it was inside a guest.
    mutating func reset() throws {
        guard let (core, slot) = busyCore() else { return }
        last = "reset of core \(core)"
        try simulation.call(.info, core: core)
        model.slots[slot].state = .dead
        model.leave(core)
    }

    mutating func nonsense() throws {
        guard let core = idleCore() else { return }
        last = "nonsense"
        let number = UInt64.random(in: 0...UInt64.max, using: &random) | 0x1000
        #expect(throws: ErrorCode.unknownCommand) {
            try simulation.call(
                HostRegisters(rax: ABI.requestMagic, rbx: number, rcx: random.next()), core: core)
        }
    }
}

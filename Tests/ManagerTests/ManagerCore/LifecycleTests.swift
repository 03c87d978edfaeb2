import ManagerCore
import SICEABI
import Simulation
import Testing

/// Invariant I4, exhaustively: every command in every state.
@Suite struct LifecycleTests {
    typealias Place = Simulation.Place

    static let states: [LifecycleState] = [
        .absent, .loading, .sealed, .runnable, .running, .dead, .scrubbing,
    ]
    static let commands: [Command] = [
        .load, .seal, .attach, .run, .destroy, .report, .launch, .stop, .kick,
    ]

    /// What the edges and the command rows say, written down a second time. nil: accepted.
    static func expected(_ command: Command, in state: LifecycleState) -> ErrorCode? {
        let accepted: [LifecycleState]
        switch command {
        case .load, .seal: accepted = [.loading]
        case .attach: accepted = [.sealed]
        case .run, .launch: accepted = [.runnable]
        case .report: accepted = [.sealed, .runnable, .running, .dead]
        // A running one runs in time-sharing mode here.
        case .stop: accepted = [.runnable, .dead]
        case .kick: accepted = []
        default: accepted = [.loading, .sealed, .runnable, .dead, .scrubbing]
        }
        if state == .absent { return .noSuchEnvironment }
        if state == .running, !accepted.contains(state) { return .environmentBusy }
        return accepted.contains(state) ? nil : .wrongState
    }

    /// A simulation with an environment in the given state; a running one runs on core 1.
    func environment(in state: LifecycleState) throws -> (Simulation, UInt64) {
        let s = try Simulation()
        let image = SampleImage(zeroPages: 100, windows: 1)
        let file = try image.file()
        let id = try s.create(file)
        if state == .loading { return (s, id) }
        try s.load(id, file, 0, 7)
        try s.seal(id)
        if state == .sealed { return (s, id) }
        try s.call(.attach, rcx: id, rdx: 0, rsi: Place.window)
        switch state {
        case .running: #expect(enter(s, id, core: 1) == .enterGuest(slot: Slot(ofIdentifier: id)))
        case .dead: try s.call(.run, rcx: id, exits: [.end(0)])
        case .scrubbing: try s.call(.destroy, rcx: id)
        case .absent: try s.destroy(id)
        default: break
        }
        return (s, id)
    }

    func enter(_ s: Simulation, _ id: UInt64, core: Int) -> ManagerStep {
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: id)
        return s.handle(&registers, on: core)
    }

    @Test(arguments: states, commands)
    func everyCommandInEveryState(_ state: LifecycleState, _ command: Command) throws {
        let (s, id) = try environment(in: state)
        let reached = try s.record(of: id)?.state ?? .absent
        #expect(reached == state)
        var error: ErrorCode?
        do throws(ErrorCode) {
            try send(command, id, s)
        } catch let thrown {
            error = thrown
        }
        if state == .loading, command == .seal {
            // The row accepts it; the image is not complete.
            #expect(error == .imageTruncated)
        } else {
            #expect(error == Self.expected(command, in: state))
        }
        checkInvariants(s)
        if error != nil {
            let after = try s.record(of: id)?.state ?? .absent
            #expect(after == state, "a refusal changed the state")
        }
    }

    func send(_ command: Command, _ id: UInt64, _ s: Simulation) throws(ErrorCode) {
        switch command {
        case .load: try s.call(.load, rcx: id, rdx: Place.image, rsi: 1)
        case .attach: try s.call(.attach, rcx: id, rdx: 0, rsi: Place.window)
        case .launch:
            let core = UInt64(MachineLayout.apicIdentifier(2))
            try s.call(.launch, rcx: id, rdx: core, rsi: Place.output)
        case .report: try s.call(.report, rcx: id, rdx: Place.nonce, rsi: Place.output, rdi: 2048)
        default: try s.call(command, rcx: id)
        }
    }

    @Test(arguments: commands)
    func reject_identifiersThatNameNobody(_ command: Command) throws {
        let (s, id) = try environment(in: .runnable)
        for other in [0, 0xFF, id ^ 0x100, id + 0x100, id | 1 << 32, id | 1 << 63, id + 1, 16, 0x110, .max] {
            #expect(throws: ErrorCode.noSuchEnvironment) { try send(command, other, s) }
        }
    }

    @Test func reject_staleIdentifier() throws {
        let s = try Simulation()
        let old = try s.launch()
        try s.destroy(old)
        let new = try s.launch()
        #expect(new & 0xFF == old & 0xFF && new != old)
        #expect(throws: ErrorCode.noSuchEnvironment) { try s.call(.run, rcx: old) }
        #expect(throws: ErrorCode.noSuchEnvironment) { try s.call(.destroy, rcx: old) }
        #expect(try s.call(.run, rcx: new, exits: [.yield(5)]).rcx == 5)
    }

    @Test func refusedCreateUsesNoIdentifier() throws {
        let s = try Simulation()
        #expect(throws: ErrorCode.imageBadMagic) { try s.call(.create, rcx: Place.image) }
        #expect(try s.launch() == 0x100)
    }
}

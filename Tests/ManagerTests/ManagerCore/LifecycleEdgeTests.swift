import GuestPolicy
import SICEABI
import Simulation
import Testing

@testable import ManagerCore

/// Invariant I4 beneath the commands: every step from every state to every state.
@Suite struct LifecycleEdgeTests {
    /// The edges, written down a second time: what may follow a state, and the shortest way to it.
    static let edges: [LifecycleState: Set<LifecycleState>] = [
        .absent: [.loading], .loading: [.sealed, .dead, .scrubbing], .sealed: [.runnable, .dead, .scrubbing],
        .runnable: [.running, .dead, .scrubbing], .running: [.runnable, .dead], .dead: [.scrubbing],
        .scrubbing: [.absent],
    ]
    static let ways: [LifecycleState: [LifecycleState]] = [
        .absent: [], .loading: [.loading], .sealed: [.loading, .sealed],
        .runnable: [.loading, .sealed, .runnable], .running: [.loading, .sealed, .runnable, .running],
        .dead: [.loading, .dead], .scrubbing: [.loading, .scrubbing],
    ]

    func environment(in state: LifecycleState) throws -> Environment {
        var environment = Environment(slot: try #require(Slot(0)))
        for step in try #require(Self.ways[state]) {
            let isEdge = environment.transition(to: step)
            try #require(isEdge)
        }
        return environment
    }

    @Test(arguments: LifecycleTests.states, LifecycleTests.states)
    func everyStepFromEveryState(_ state: LifecycleState, _ next: LifecycleState) throws {
        var environment = try environment(in: state)
        let isEdge = try #require(Self.edges[state]).contains(next)
        let wasTaken = environment.transition(to: next)
        let reached = environment.state
        #expect(wasTaken == isEdge)
        #expect(reached == (isEdge ? next : .dead))
    }

    @Test(arguments: LifecycleTests.states)
    func resettingWritesNoState(_ state: LifecycleState) throws {
        var environment = try environment(in: state)
        environment.reset()
        let reached = environment.state
        #expect(reached == state)
    }

    /// No command leads here: the table is changed behind the manager's back.
    func contradict(_ s: Simulation) {
        let wasRunning = s.manager.environments[0].transition(to: .dead)
        #expect(wasRunning)
    }

    func expectFault(_ s: Simulation) throws {
        #expect(!s.machine.hasKey)
        #expect(s.machine.guests[0] == nil)
        #expect(try logEvents(s).last?.event == LogEvent.managerFault.rawValue)
        #expect(throws: ErrorCode.managerFault) { _ = try s.launch() }
    }

    @Test func guestThatWasNotRunningIsAFault() throws {
        let s = try Simulation()
        let id = try s.launch()
        var registers = HostRegisters(rax: ABI.requestMagic, rbx: Command.run.rawValue, rcx: id)
        #expect(s.handle(&registers, on: 1) == .enterGuest(slot: 0))
        contradict(s)
        let exit = GuestExit(.hostInterrupt)
        #expect(s.manager.finish(exit, on: 1, registers: &registers, machine: &s.machine) == .resumeHost)
        #expect(registers.rax == ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue))
        try expectFault(s)
    }

    @Test func isolatedCoreThatWasNotRunningIsAFault() throws {
        let s = try Simulation()
        let id = try s.launch()
        let core = UInt64(MachineLayout.apicIdentifier(2))
        try s.call(.launch, rcx: id, rdx: core, rsi: Simulation.Place.window & ~0xFFF)
        var registers = HostRegisters()
        #expect(s.handle(&registers, on: 2) == .enterIsolated(slot: 0))
        #expect(try s.call(.stop, rcx: id).rbx == 1)
        contradict(s)
        let exit = GuestExit(.hostInterrupt)
        #expect(s.manager.finish(exit, on: 2, registers: &registers, machine: &s.machine) == .resumeHost)
        #expect(registers == HostRegisters())
        try expectFault(s)
    }
}

import Diagnostics
import GuestPolicy
import ManagerAccess
import ManagerCore
import SICEABI
import Simulation
import Testing

/// A program that is only kept going, by the real manager on a simulated core.
@Suite struct WorkloadTests {
    let connection: SimulatedConnection
    var client: ManagerClient<SimulatedConnection>
    let identifier: UInt32
    let core = MachineLayout.apicIdentifier(2)

    init() throws {
        connection = try SimulatedConnection()
        client = ManagerClient(connection)
        identifier = try create(SampleImage(), &client)
    }

    /// Steps until it ends; the other core gets its turn while the program is busy there.
    private func play() throws -> (ended: WorkloadStep, answered: Int) {
        var answered = 0
        for _ in 0..<100 {
            switch try client.keepGoing(identifier) {
            case .going: answered += 1
            case .busy: connection.pause(afterLooks: 0)
            case .ended(let exit, let leavesCore): return (.ended(exit, leavesCore: leavesCore), answered)
            }
        }
        throw ToolError(.internalFailure, "it does not end")
    }

    /// A doorbell and a yield, then the end that the test wants.
    private func script(_ end: SimulatedExit) -> () -> SimulatedExit {
        var exits = [SimulatedExit.service(.doorbell, [.rbx: 5]), .yield(7), .interrupt, end]
        return { exits.isEmpty ? .interrupt : exits.removeFirst() }
    }

    @Test func goOn_afterEveryExitThatItSurvives() throws {
        let next = script(.end(3))
        connection.guest = { _, _ in [next()] }
        let result = try play()
        #expect(result.ended == .ended(.exited(3), leavesCore: false) && result.answered == 3)
        #expect(failure { _ = try client.keepGoing(identifier) } == .wrongState)
    }

    @Test func goOn_onACoreOfItsOwn() throws {
        let next = script(.end(3))
        connection.isolatedGuest = { _, _ in next() }
        try client.launch(identifier, apicIdentifier: core)
        let result = try play()
        #expect(result.ended == .ended(.exited(3), leavesCore: true) && result.answered == 2)
        #expect(failure { _ = try client.keepGoing(identifier) } == .wrongState)
    }

    @Test func tellACrash() throws {
        let next = script(SimulatedExit(.init(.exception, code: 14, address: 0x10)))
        connection.isolatedGuest = { _, _ in next() }
        try client.launch(identifier, apicIdentifier: core)
        let end = EnvironmentExit.crashed(code: 14, address: 0x10)
        #expect(try play().ended == .ended(end, leavesCore: true))
    }

    /// A call's own slices are going on: what it yields is the answer to that call.
    @Test func goOn_notWhileSomebodyCallsIt() throws {
        connection.othersConversations = [identifier]
        #expect(try client.keepGoing(identifier) == .busy)
        try client.launch(identifier, apicIdentifier: core)
        #expect(try client.keepGoing(identifier) == .busy)
        #expect(!connection.commands.contains(Command.run.rawValue))
    }

    @Test func goOn_byOneCommandAStep() throws {
        connection.guest = { _, _ in [.interrupt] }
        let before = connection.commands.count
        #expect(try client.keepGoing(identifier) == .going)
        #expect(Array(connection.commands[before...]) == [Command.run.rawValue])
    }

    /// The slot's next environment does not end with the words of the one before.
    @Test func forget_whatTheSlotsLastUserSaid() throws {
        var client = client
        connection.isolatedGuest = { _, _ in .end(3) }
        try client.launch(identifier, apicIdentifier: core)
        _ = try play()
        try client.destroy(identifier)
        let next = try create(SampleImage(), &client)
        #expect(next % 16 == identifier % 16 && next != identifier)
        connection.guest = { _, _ in [.end(4)] }
        #expect(try client.keepGoing(next) == .ended(.exited(4), leavesCore: false))
        #expect(failure { _ = try client.keepGoing(next) } == .wrongState)
    }
}

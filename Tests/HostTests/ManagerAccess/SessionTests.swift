import Diagnostics
import ManagerAccess
import ManagerCore
import SICEABI
import Simulation
import Testing

/// What a session's commands cost in SMIs, by the real manager on a simulated machine.
@Suite struct SessionTests {
    /// Other processes' part, kept in memory.
    private final class Sharing: ManagerSharing {
        let connection: SimulatedConnection
        private var text = ""
        private(set) var isTaken = false
        /// How many of the commands were looked at.
        var seen = 0

        init() throws { connection = try SimulatedConnection() }

        func acquire() { isTaken = true }
        func release() { isTaken = false }
        func ledger() -> String { text }
        func keep(_ ledger: String) { text = ledger }
    }

    private typealias Session = ManagerSession<Sharing>
    private let sharing: Sharing
    private let identifier: UInt32

    init() throws {
        sharing = try Sharing()
        var session = try Session(sharing)
        identifier = try session.turn { client throws(ToolError) in
            do { return try create(SampleImage(), &client) } catch { throw ToolError(.internalFailure) }
        }
        let window = try session.turn { [identifier] client throws(ToolError) in
            try client.windows.window(0, of: identifier)
        }
        var guest = EchoGuest(window: window.offset)
        sharing.connection.guest = { word, connection in
            guest.handle(connection)
            return [.yield(word)]
        }
        _ = commands()
    }

    /// The commands that the manager got since the last time.
    private func commands() -> [Command] {
        defer { sharing.seen = sharing.connection.commands.count }
        return sharing.connection.commands[sharing.seen...].compactMap(Command.init(rawValue:))
    }

    private func call(_ session: inout Session) throws -> [UInt8] {
        try session.turn { client throws(ToolError) in
            try client.call(identifier, operation: 1, input: [1, 2], mostBytes: 2)
        }
    }

    /// One question who is there, then the call; a session that lives asks that once.
    @Test func call_costsOneCommandBesidesInALife() throws {
        var session = try Session(sharing)
        let (first, before) = (try call(&session), commands())
        let (second, after) = (try call(&session), commands())
        #expect(first == [1, 2] && before == [.info, .run])
        #expect(second == [1, 2] && after == [.run])
    }

    /// The look that tells whose exchange page it is; the call itself needs no SMI there.
    @Test func call_ofAWorkloadOnItsOwnCore() throws {
        let (sharing, identifier) = (sharing, identifier)
        var other = try Session(sharing)
        try other.turn { client throws(ToolError) in
            try client.launch(identifier, apicIdentifier: MachineLayout.apicIdentifier(2))
        }
        var guest = EchoGuest(
            window: try other.turn { client throws(ToolError) in try client.windows.window(0, of: identifier)
            }
            .offset)
        var isListening = false
        sharing.connection.isolatedGuest = { word, connection in
            if isListening { guest.handle(connection) }
            isListening = true
            return .yield(word)
        }
        var session = try Session(sharing)
        _ = commands()
        let (first, before) = (try call(&session), commands())
        let (second, after) = (try call(&session), commands())
        #expect(first == [1, 2] && before == [.run, .status])
        #expect(second == [1, 2] && after == [.status])
    }

    @Test func list_costsOneCommandASlot() throws {
        var session = try Session(sharing)
        let records = try session.turn { client throws(ToolError) in try client.environments() }
        let looks = [Command](repeating: .status, count: ABI.maximumEnvironments)
        #expect(records.map(\.identifier) == [identifier] && commands() == [.info] + looks)
    }

    /// The look tells a program from a Linux guest.
    @Test func run_costsOneLookBesides() throws {
        sharing.connection.guest = { _, _ in [.end(0)] }
        var session = try Session(sharing)
        let kind = try session.turn { client throws(ToolError) in try client.environment(identifier).kind }
        let step = try session.turn { client throws(ToolError) in try client.keepGoing(identifier) }
        #expect(kind == .bareProgram && step == .ended(.exited(0), leavesCore: false))
        #expect(commands() == [.info, .status, .run])
    }

    @Test func stopAndDestroy_costOneCommand() throws {
        var session = try Session(sharing)
        let hasCome = try session.turn { client throws(ToolError) in try client.stop(identifier) }
        #expect(hasCome && commands() == [.info, .stop])
        try session.turn { client throws(ToolError) in try client.destroy(identifier) }
        #expect(Set(commands()) == [.destroy] && sharing.ledger().isEmpty)
    }

    /// What a session knew is worth nothing once somebody else destroyed it.
    @Test func call_afterSomebodyDestroyedIt() throws {
        var session = try Session(sharing)
        var other = try Session(sharing)
        _ = try call(&session)
        try other.turn { client throws(ToolError) in try client.destroy(identifier) }
        #expect(failure { _ = try call(&session) } == .noSuchEnvironment)
    }

    /// The lock is free whatever a turn ends with, and the ledger is kept.
    @Test func turn_givesTheLockBack() throws {
        var session = try Session(sharing)
        let found = failure {
            try session.turn { client throws(ToolError) in
                #expect(sharing.isTaken)
                try client.destroy(identifier)
                throw ToolError(.crashed)
            }
        }
        #expect(found == .crashed && !sharing.isTaken && sharing.ledger().isEmpty)
    }
}

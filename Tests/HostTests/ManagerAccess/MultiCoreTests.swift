import GuestPolicy
import ManagerAccess
import ManagerCore
import SICEABI
import Simulation
import Testing

/// The host's side of multi-core mode, against the real manager on a simulated core.
@Suite struct MultiCoreTests {
    let connection: SimulatedConnection
    var client: ManagerClient<SimulatedConnection>
    let identifier: UInt32
    let core = MachineLayout.apicIdentifier(2)

    init() throws {
        connection = try SimulatedConnection()
        client = ManagerClient(connection)
        identifier = try create(SampleImage(), &client)
    }

    @Test func run_talksThroughThePage() throws {
        try client.launch(identifier, apicIdentifier: core)
        #expect(try client.environment(identifier).core == core)
        connection.isolatedGuest = { word, _ in .yield(word + 1) }
        // Its first yield comes by itself and is answered.
        #expect(try client.run(identifier, input: 10) == .yielded(11))
        #expect(try client.run(identifier, input: 20) == .yielded(21))
        #expect(!connection.commands.contains(Command.run.rawValue))
    }

    @Test func run_endsWithTheWorkload() throws {
        try client.launch(identifier, apicIdentifier: core)
        connection.isolatedGuest = { _, _ in .end(7) }
        #expect(try client.run(identifier) == .exited(7))
        #expect(try client.environment(identifier).state == .dead)
        #expect(try client.environment(identifier).core == nil)
        #expect(try client.stop(identifier))
    }

    @Test func call_reachesAWorkloadOnItsOwnCore() throws {
        try client.launch(identifier, apicIdentifier: core)
        var guest = EchoGuest(window: try client.windows.window(0, of: identifier).offset)
        var isListening = false
        connection.isolatedGuest = { word, connection in
            if isListening { guest.handle(connection) }
            isListening = true
            return .yield(word)
        }
        var source = ArraySource([UInt8](repeating: 3, count: 40_000))
        var output: [UInt8] = []
        try client.call(identifier, operation: 1, input: &source) { output += $0 }
        #expect(guest.received.count == 40_000)
        #expect(!output.isEmpty)
    }

    @Test func answer_wakesASleepingCoreOnly() throws {
        try client.launch(identifier, apicIdentifier: core)
        _ = try client.run(identifier, input: 1)
        try client.exchange(with: identifier).answer(2)
        #expect(!connection.commands.contains(Command.kick.rawValue))
        // The page of slot 0 comes after the pages for commands and for an image.
        let state = 17 * 4096 + ExchangeLayout.state
        connection.write([UInt8(ExchangeState.asleep.rawValue)], at: state)
        try client.exchange(with: identifier).answer(2)
        #expect(connection.commands.last == Command.kick.rawValue)
    }

    /// A word that an older answer gave must not undo what came through exits since.
    @Test func controllers_countForTheNewestAnswerOnly() throws {
        try client.launch(identifier, apicIdentifier: core)
        let conversation = client.exchange(with: identifier)
        _ = try client.run(identifier, input: 1)
        try conversation.answer(2, controllers: ControllerWord.valid | 0xFFFE)
        let page = 17 * 4096
        #expect(
            connection.read(8, at: page + ExchangeLayout.givenControllers) == [0xFE, 0xFF, 0, 0, 1, 0, 0, 0])
        let answered = UInt64(connection.read(1, at: page + ExchangeLayout.answered)[0])
        for (tag, isCounted) in [(answered, true), (answered - 1, false), (answered + 1, false)] {
            let word = ControllerWord.valid | 0x1_FFFE | tag << ControllerWord.tagShift
            let bytes = (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
            connection.write(bytes[...], at: page + ExchangeLayout.controllers)
            #expect(conversation.controllers == (isCounted ? ControllerWord.valid | 0x1_FFFE : 0))
        }
    }

    @Test func move_keepsTheYieldThatWasNotAnswered() throws {
        connection.guest = { word, _ in [.yield(word + 100)] }
        #expect(try client.run(identifier, input: 1) == .yielded(101))
        try client.launch(identifier, apicIdentifier: core)
        connection.isolatedGuest = { word, _ in .yield(word + 1) }
        #expect(try client.run(identifier, input: 5) == .yielded(6))
        #expect(try !client.stop(identifier))
        connection.pause(afterLooks: 0)
        #expect(try client.stop(identifier))
        #expect(try client.run(identifier, input: 7) == .yielded(107))
    }

    @Test func reject_conversationThatIsStoppedMeanwhile() throws {
        try client.launch(identifier, apicIdentifier: core)
        connection.isolatedGuest = { _, _ in .interrupt }
        let (client, identifier) = (client, identifier)
        connection.beforeStep = { looks in
            if looks == 5 { _ = try? client.stop(identifier) }
        }
        #expect(failure { _ = try client.run(identifier) } == .wrongState)
        #expect(try client.environment(identifier).state == .runnable)
    }

    /// A workload that never yields on its core: others get the manager meanwhile, and can stop it.
    @Test func reject_conversationThatOthersStopInTheirTurn() throws {
        try client.launch(identifier, apicIdentifier: core)
        connection.isolatedGuest = { _, _ in .interrupt }
        let (client, identifier, connection) = (client, identifier, connection)
        connection.others = { turns in if turns == 9 { _ = try? client.stop(identifier) } }
        #expect(failure { _ = try client.run(identifier) } == .wrongState)
        #expect(connection.turns == 10)
    }

    /// The page is the slot's: what the next environment there says is no answer.
    @Test func reject_conversationWhoseSlotGoesToAnother() throws {
        var client = client
        try client.launch(identifier, apicIdentifier: core)
        connection.isolatedGuest = { _, _ in .interrupt }
        let (identifier, connection, core) = (identifier, connection, core)
        connection.others = { _ in
            var other = client
            _ = try? other.stop(identifier)
            connection.pause(afterLooks: 0)
            try? other.destroy(identifier)
            let next = try? create(SampleImage(), &other)
            connection.isolatedGuest = { word, _ in .yield(word) }
            if let next { try? other.launch(next, apicIdentifier: core) }
            connection.pause(afterLooks: 0)
            connection.pause(afterLooks: 0)
        }
        #expect(failure { _ = try client.run(identifier, input: 3) } == .noSuchEnvironment)
        #expect(connection.turns == 1)
        client.windows.keep([])
    }

    @Test func reject_crashOnItsOwnCore() throws {
        try client.launch(identifier, apicIdentifier: core)
        connection.isolatedGuest = { _, _ in SimulatedExit(.init(.exception, code: 14, address: 0x10)) }
        #expect(failure { _ = try client.run(identifier) } == .crashed)
    }

    @Test func reject_coreThatDoesNotExist() throws {
        #expect(failure { try client.launch(identifier, apicIdentifier: 99) } == .noSuchCore)
        #expect(failure { _ = try client.stop(4711) } == .noSuchEnvironment)
        #expect(try client.stop(identifier))
    }

    @Test func exchangePagesDoNotOverlapWindows() throws {
        let window = try client.windows.window(0, of: identifier)
        let before = connection.read(window.size, at: window.offset)
        try client.launch(identifier, apicIdentifier: core)
        _ = try client.run(identifier, input: .max)
        #expect(connection.read(window.size, at: window.offset) == before)
    }
}

@Suite struct CoreLedgerTests {
    @Test func textGoesRoundAndNonsenseIsDropped() {
        var ledger = CoreLedger()
        ledger.add(.init(environment: 257, cpu: 1, apicIdentifier: 4))
        ledger.add(.init(environment: 258, cpu: 2, apicIdentifier: 6))
        ledger.add(.init(environment: 257, cpu: 3, apicIdentifier: 8))
        #expect(ledger.entries.count == 2 && ledger.entry(of: 257)?.cpu == 3)
        #expect(CoreLedger(ledger.text) == ledger)
        #expect(CoreLedger("1 2\nx y z\n1 -2 3\n-1 2 3\n1 2 -3\n1 2 3 4\n").entries.isEmpty)
        ledger.remove(257)
        #expect(ledger.entry(of: 257) == nil)
    }
}

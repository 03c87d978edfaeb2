import Diagnostics
import GuestPolicy
import ManagerAccess
import ManagerCore
import SICEABI
import Simulation
import Testing

@Suite struct MailboxTests {
    let connection: SimulatedConnection
    let client: ManagerClient<SimulatedConnection>
    let identifier: UInt32
    let window: WindowLedger.Entry

    init() throws {
        connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        identifier = try create(SampleImage(), &client)
        window = try client.windows.window(0, of: identifier)
        self.client = client
    }

    /// A workload that yields once before it listens, as the SDK's programs do.
    private func listen(_ handle: @escaping (SimulatedConnection) -> Void) {
        var isListening = false
        connection.guest = { word, connection in
            guard isListening else {
                isListening = true
                return [.interrupt]
            }
            handle(connection)
            return [.yield(word)]
        }
    }

    private func call(_ input: [UInt8]) throws -> [UInt8] {
        var source = ArraySource(input)
        var output: [UInt8] = []
        try client.call(identifier, operation: 2, input: &source) { output += $0 }
        return output
    }

    @Test(arguments: [0, 1, 100, 16320, 16321, 40000])
    func call_streamsAnySize(_ count: Int) throws {
        var guest = EchoGuest(window: window.offset)
        listen { guest.handle($0) }
        let input = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let answer = try call(input)
        #expect(guest.received == input)
        let room = window.size - 64
        let chunks = max(1, (count + room - 1) / room)
        #expect(guest.flags.count == chunks)
        #expect(guest.flags.first.map { $0 & MailboxFlags.begin } == MailboxFlags.begin)
        #expect(guest.flags.dropFirst().allSatisfy { $0 & MailboxFlags.begin == 0 })
        #expect(guest.flags.dropLast().allSatisfy { $0 & MailboxFlags.end == 0 })
        #expect(guest.flags.last.map { $0 & MailboxFlags.end } == MailboxFlags.end)
        #expect(answer == Array(input.suffix(count - (chunks - 1) * room)))
    }

    @Test func call_writesAgainWhenTheWorkloadWasStillStarting() throws {
        var guest = EchoGuest(window: window.offset)
        var runs = 0
        connection.guest = { word, connection in
            runs += 1
            // First the SDK's own first yield, over a window that the program had scribbled into.
            guard runs > 1 else {
                connection.write([UInt8](repeating: 0xFF, count: 64)[...], at: guest.window)
                return [.yield(0)]
            }
            guest.handle(connection)
            return [.yield(word)]
        }
        #expect(try call([1, 2, 3]) == [1, 2, 3])
    }

    @Test func call_collectsAnAnswerInPieces() throws {
        let guest = EchoGuest(window: window.offset)
        var pieces: [[UInt8]] = [[1], [2, 3], [4]]
        connection.guest = { word, connection in
            let piece = pieces.removeFirst()
            guest.answer(piece, connection, flags: pieces.isEmpty ? 2 : 6)
            return [.yield(word)]
        }
        #expect(try call([]) == [1, 2, 3, 4])
    }

    @Test(arguments: [(3, nil), (2, .workloadFailed)] as [(Int, ErrorCode?)])
    func limit_answerInMemory(_ mostBytes: Int, _ expected: ErrorCode?) throws {
        let guest = EchoGuest(window: window.offset)
        var pieces: [[UInt8]] = [[1], [2], [3]]
        connection.guest = { word, connection in
            guest.answer(pieces.removeFirst(), connection, flags: pieces.isEmpty ? 2 : 6)
            return [.yield(word)]
        }
        var answer: [UInt8] = []
        let found = failure {
            answer = try client.call(identifier, operation: 2, input: [], mostBytes: mostBytes)
        }
        #expect(found == expected && answer == (expected == nil ? [1, 2, 3] : []))
    }

    @Test func reject_answerThatNeverEnds() throws {
        let guest = EchoGuest(window: window.offset)
        listen { guest.answer([], $0, flags: 6) }
        #expect(failure { _ = try call([1]) } == .workloadFailed)
        listen { guest.answer([1], $0, flags: 6) }
        let code = failure {
            _ = try client.call(identifier, operation: 2, input: [], mostBytes: 1000)
        }
        #expect(code == .workloadFailed)
    }

    @Test func reject_statusOfTheWorkload() throws {
        var guest = EchoGuest(window: window.offset)
        guest.status = 7
        listen { guest.handle($0) }
        #expect(failure { _ = try call([1]) } == .workloadFailed)
    }

    @Test func reject_answerThatLeavesTheWindow() throws {
        let guest = EchoGuest(window: window.offset)
        listen { guest.answer([], $0, length: UInt32(guest.window) + 1_000_000) }
        #expect(failure { _ = try call([1]) } == .workloadFailed)
        listen { guest.answer([], $0, length: .max) }
        #expect(failure { _ = try call([1]) } == .workloadFailed)
    }

    @Test func reject_workloadThatIgnoresTheProtocol() throws {
        connection.guest = { _, _ in [.yield(0)] }
        #expect(failure { _ = try call([1]) } == .workloadFailed)
    }

    @Test func reject_workloadThatEnds() throws {
        connection.guest = { _, _ in [.end(3)] }
        #expect(failure { _ = try call([1]) } == .workloadFailed)
        #expect(failure { _ = try call([1]) } == .wrongState)
    }

    @Test func reject_workloadThatCrashes() throws {
        connection.guest = { _, _ in [SimulatedExit(.init(.exception, code: 14, address: 0x1234))] }
        #expect(failure { _ = try call([1]) } == .crashed)
        let record = try client.environment(identifier)
        #expect(record.state == .dead)
        #expect(record.crashCode == 14)
    }

    /// A workload that computes for long, or for ever: others list and run environments, and nobody else calls it.
    @Test func call_letsOthersInBetweenSlices() throws {
        var guest = EchoGuest(window: window.offset)
        var slices = 0
        connection.guest = { word, connection in
            slices += 1
            guard slices > 50 else { return [.interrupt] }
            guest.handle(connection)
            return [.yield(word)]
        }
        let (client, connection) = (client, connection)
        var lists: [Int] = []
        connection.others = { _ in lists.append((try? client.environments().count) ?? 0) }
        #expect(try call([1, 2, 3]) == [1, 2, 3])
        #expect(lists == [Int](repeating: 1, count: 50))
        #expect(connection.conversation == nil)
    }

    @Test func reject_workloadThatIsDestroyedWhileItComputes() throws {
        connection.guest = { _, _ in [.interrupt] }
        var other = client
        let (connection, identifier) = (connection, identifier)
        connection.others = { turns in
            #expect(connection.conversation == identifier)
            if turns == 100 { try? other.destroy(identifier) }
        }
        #expect(failure { _ = try call([1]) } == .noSuchEnvironment)
        #expect(connection.turns == 101)
        #expect(connection.conversation == nil)
    }

    @Test func reject_callDuringAnothersCall() throws {
        connection.othersConversations = [identifier]
        #expect(failure { _ = try call([1]) } == .managerTaken)
        #expect(!connection.commands.contains(Command.run.rawValue))
    }

    /// Each piece costs the slice that answers it, and nothing else.
    @Test func call_asksForNothingBesides() throws {
        var guest = EchoGuest(window: window.offset)
        connection.guest = { word, connection in
            guest.handle(connection)
            return [.yield(word)]
        }
        let before = connection.commands.count
        _ = try call([UInt8](repeating: 1, count: window.size))
        #expect(Array(connection.commands[before...]) == [Command.run, .run].map(\.rawValue))
    }

    @Test func reject_callWithoutWindow() throws {
        var client = client
        let windowless = try create(SampleImage(windows: 0), &client)
        for (environment, code) in [(windowless, ErrorCode.windowNotDeclared), (4711, .noSuchEnvironment)] {
            let found = failure {
                _ = try client.call(environment, operation: 1, input: [1], mostBytes: 1)
            }
            #expect(found == code)
        }
    }
}

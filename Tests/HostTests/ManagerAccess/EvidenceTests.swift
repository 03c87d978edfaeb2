import Evidence
import GuestPolicy
import ManagerAccess
import ManagerCore
import ReportFormat
import SICEABI
import Simulation
import Testing

@Suite struct EvidenceTests {
    @Test func report_isTaggedCOSEAndKeyIsAPoint() throws {
        var client = ManagerClient(try SimulatedConnection())
        let identifier = try create(SampleImage(), &client)
        let report = try client.report(identifier, nonce: [UInt8](repeating: 9, count: 32))
        #expect(report.first == 0xD2)
        #expect(try client.reportKey().count == 65)
    }

    @Test(arguments: [0, 31, 33])
    func reject_nonceOfAnotherLength(_ count: Int) throws {
        var client = ManagerClient(try SimulatedConnection())
        let identifier = try create(SampleImage(), &client)
        #expect(
            failure { _ = try client.report(identifier, nonce: [UInt8](repeating: 1, count: count)) }
                == .invalidArgument)
    }

    private let nonce = [UInt8](repeating: 9, count: 32)

    @Test func statement_hasTheLogFromBootOn() throws {
        var client = ManagerClient(try SimulatedConnection())
        let identifier = try create(SampleImage(), &client)
        let log = try client.statement(identifier, nonce: nonce).log
        #expect(log.base == [UInt8](repeating: 0, count: 32))
        #expect(log.entries.count % LogEntryLayout.size == 0)
        #expect(littleEndian(log.entries, LogEntryLayout.event) & 0xFFFF == UInt32(LogEvent.boot.rawValue))
    }

    @Test func statement_hasABaseWhenOldEntriesAreGone() throws {
        var client = ManagerClient(try SimulatedConnection())
        for _ in 0..<100 {
            let identifier = try create(SampleImage(zeroPages: 1), &client)
            try client.destroy(identifier)
        }
        let identifier = try create(SampleImage(), &client)
        let log = try client.statement(identifier, nonce: nonce).log
        #expect(log.entries.count == ABI.logCapacity * LogEntryLayout.size)
        #expect(log.base != [UInt8](repeating: 0, count: 32))
    }

    /// Another core's guest starts and crashes after each command of a kind, so also between report and log: with a log
    /// that has room, and with one whose oldest entries go.
    @Test(arguments: [Command.reportKey, .report], [0, ABI.logCapacity - 4, 3 * ABI.logCapacity])
    func statement_isCutAtTheReportsCount(_ command: Command, _ earlier: Int) throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let identifier = try create(SampleImage(), &client)
        let guests = try (0..<4).map { _ in try create(SampleImage(zeroPages: 1), &client) }
        for _ in 0..<earlier { try connection.provokeRefusal() }
        var crashed = 0
        connection.afterCommand = { done in
            guard done == command.rawValue, crashed < guests.count else { return }
            #expect(connection.crash(guests[crashed]))
            crashed += 1
        }
        try expectWholeLog(try client.statement(identifier, nonce: nonce))
        #expect(crashed == 1)
        #expect(connection.commands.count { $0 == Command.report.rawValue } == 1)
    }

    /// The oldest entry goes while the log is read: all is read again, a bounded number of times.
    @Test(arguments: [1, 15])
    func statement_isMadeAgainWhenAnEntryIsGone(_ times: Int) throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let identifier = try create(SampleImage(), &client)
        for _ in 0..<ABI.logCapacity { try connection.provokeRefusal() }
        var left = times
        connection.afterCommand = { done in
            guard done == Command.logBase.rawValue, left > 0 else { return }
            left -= 1
            try? connection.provokeRefusal()
        }
        try expectWholeLog(try client.statement(identifier, nonce: nonce))
        #expect(left == 0)
    }

    /// More entries than are kept come between report and log.
    @Test func statement_isMadeAgainWhenTheReportsLastEntryIsGone() throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let identifier = try create(SampleImage(), &client)
        var reports = 0
        connection.afterCommand = { done in
            // One that the report counts and the copy does not have; then it goes.
            if done == Command.readLog.rawValue, reports == 0 { try? connection.provokeRefusal() }
            guard done == Command.report.rawValue else { return }
            reports += 1
            guard reports == 1 else { return }
            for _ in 0...ABI.logCapacity { try? connection.provokeRefusal() }
        }
        try expectWholeLog(try client.statement(identifier, nonce: nonce))
        #expect(reports == 2)
    }

    @Test func reject_logThatOutrunsEachReport() throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let identifier = try create(SampleImage(), &client)
        for _ in 0..<ABI.logCapacity { try connection.provokeRefusal() }
        connection.afterCommand = { if $0 == Command.logBase.rawValue { try? connection.provokeRefusal() } }
        #expect(failure { _ = try client.statement(identifier, nonce: nonce) } == .logEntryGone)
        #expect(connection.commands.count { $0 == Command.logBase.rawValue } == 16)
    }

    /// What the run-time log's check of an appraisal asks; its failure is E0822.
    private func expectWholeLog(_ statement: ReportedStatement) throws {
        let claims = try SignedReport(statement.report).claims
        let log = try RuntimeLog(statement.log.entries, base: statement.log.base)
        #expect(log.start == claims.droppedLogEntries && log.end == claims.logCount)
        #expect(log.head == claims.logHead)
        guard claims.droppedLogEntries == 0 else { return }
        #expect(statement.log.base == [UInt8](repeating: 0, count: ABI.digestSize))
    }
}

extension SimulatedConnection {
    /// A refused command that the manager records.
    func provokeRefusal() throws {
        #expect(throws: ErrorCode.addressOutsideRAM) {
            try simulation.call(.reportKey, rcx: 0xFFFF_0000_0000)
        }
    }

    /// A guest's start and crash on another core, which both are logged.
    func crash(_ identifier: UInt32) -> Bool {
        let exit = SimulatedExit(GuestExit(.exception, code: 6))
        let result = try? simulation.call(.run, rcx: UInt64(identifier), core: 1, exits: [exit])
        return result?.rbx == ExitReason.crashed.rawValue
    }
}
